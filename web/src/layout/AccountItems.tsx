import { LogIn, LogOut, Settings, ShieldCheck, UserPlus, Users } from "lucide-react";
import { useLocation, useNavigate } from "react-router";
import { useMe, useSignOut } from "@/api/session";
import { languages, setLanguage, useLanguage, useText } from "@/i18n";
import { MenuItem, MenuSeparator } from "@/ui/Menu";
import { setTheme, useTheme } from "@/ui/theme";
import { toast } from "@/ui/toast";
import { errorText } from "@/ui/State";
import { MenuChoice } from "./MenuChoice";

/** What the account menu holds: account, theme, language; for visitors the ways in. */
export default function AccountItems() {
  const text = useText();
  const theme = useTheme();
  const language = useLanguage();
  const me = useMe();
  return (
    <>
      {me ? <Own /> : <Visitor />}
      <MenuSeparator />
      <MenuChoice
        label={text("theme.label")}
        value={theme}
        options={{ dark: text("theme.dark"), light: text("theme.light"), system: text("theme.system") }}
        onChange={setTheme}
      />
      <MenuSeparator />
      <MenuChoice
        label={text("browse.language")}
        value={language}
        options={languages}
        onChange={(next) => void setLanguage(next)}
      />
    </>
  );
}

function Own() {
  const text = useText();
  const go = useNavigate();
  const me = useMe();
  const signOut = useSignOut();
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => void go("/"),
      onError: (error) => toast(errorText(error), { kind: "error" }),
    });
  return (
    <>
      <p className="max-w-64 truncate px-3 pt-2 pb-1.5 text-sm font-semibold text-strong">{me?.name}</p>
      <MenuItem icon={Users} onSelect={() => void go("/friends")}>
        {text("nav.people")}
      </MenuItem>
      <MenuItem icon={Settings} onSelect={() => void go("/settings")}>
        {text("nav.settings")}
      </MenuItem>
      {me && me.role !== "member" && (
        <MenuItem icon={ShieldCheck} onSelect={() => void go("/admin")}>
          {text("nav.admin")}
        </MenuItem>
      )}
      <MenuItem icon={LogOut} onSelect={leave}>
        {text("nav.signOut")}
      </MenuItem>
    </>
  );
}

function Visitor() {
  const text = useText();
  const go = useNavigate();
  const { pathname, search } = useLocation();
  const next = `?next=${encodeURIComponent(pathname + search)}`;
  return (
    <>
      <MenuItem icon={LogIn} onSelect={() => void go(`/sign-in${next}`)}>
        {text("nav.signIn")}
      </MenuItem>
      <MenuItem icon={UserPlus} onSelect={() => void go(`/register${next}`)}>
        {text("nav.register")}
      </MenuItem>
    </>
  );
}
