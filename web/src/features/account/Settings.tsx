import clsx from "clsx";
import { KeyRound, type LucideIcon, MonitorSmartphone, Palette, ShieldCheck, ShieldQuestion, UserRound } from "lucide-react";
import { NavLink, Route, Routes } from "react-router";
import { useMe } from "@/api/session";
import { type TextKey, useText } from "@/i18n";
import { NotFound } from "@/layout/NotFound";
import { Page, PageHeader } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { AppearanceSettings } from "./AppearanceSettings";
import { PasswordSettings } from "./PasswordSettings";
import { PrivacySettings } from "./PrivacySettings";
import { ProfileSettings } from "./ProfileSettings";
import { RequireSignIn } from "./RequireSignIn";
import { RestrictedNotice } from "./security/RestrictedNotice";
import { SecuritySettings } from "./security/SecuritySettings";
import { SignInSettings } from "./SignInSettings";

const tabs: { to: string; label: TextKey; icon: LucideIcon }[] = [
  { to: "/settings", label: "account.tab.profile", icon: UserRound },
  { to: "/settings/password", label: "account.tab.password", icon: KeyRound },
  { to: "/settings/security", label: "account.tab.security", icon: ShieldCheck },
  { to: "/settings/sign-ins", label: "account.tab.signIns", icon: MonitorSmartphone },
  { to: "/settings/privacy", label: "account.tab.privacy", icon: ShieldQuestion },
  { to: "/settings/appearance", label: "account.tab.appearance", icon: Palette },
];

export default function Settings() {
  const text = useText();
  usePageTitle(text("nav.settings"));
  return (
    <RequireSignIn title={text("nav.settings")} invitation={text("account.invite.settings")}>
      <Tabs />
    </RequireSignIn>
  );
}

function Tabs() {
  const text = useText();
  const me = useMe();
  if (!me) return null;
  return (
    <Page className="max-w-5xl">
      <PageHeader title={text("nav.settings")} />
      <RestrictedNotice me={me} />
      <div className="grid gap-8 md:grid-cols-[13rem_minmax(0,1fr)]">
        <nav aria-label={text("nav.settings")} className="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
          <ul className="flex gap-1 md:flex-col">
            {tabs.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <NavLink
                  to={to}
                  end
                  className={({ isActive }) =>
                    clsx(
                      "flex h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium whitespace-nowrap transition-colors",
                      isActive ? "bg-lifted text-strong" : "text-quiet hover:bg-raised hover:text-strong",
                    )
                  }
                >
                  <Icon aria-hidden size={18} className="shrink-0" />
                  {text(label)}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="max-w-xl min-w-0">
          <Routes>
            <Route index element={<ProfileSettings key={me.id} me={me} />} />
            <Route path="password" element={<PasswordSettings me={me} />} />
            <Route path="security" element={<SecuritySettings />} />
            <Route path="sign-ins" element={<SignInSettings />} />
            <Route path="privacy" element={<PrivacySettings me={me} />} />
            <Route path="appearance" element={<AppearanceSettings />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </div>
      </div>
    </Page>
  );
}
