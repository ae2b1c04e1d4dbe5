import clsx from "clsx";
import {
  ArrowLeft,
  Disc3,
  FileClock,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Mail,
  Menu as MenuIcon,
  MessageSquare,
  MonitorSmartphone,
  Music,
  ScrollText,
  Table2,
  Timer,
  Upload,
  Users,
} from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/IconButton";
import { Toaster } from "@/ui/Toaster";
import { useAdminText, useLabel } from "./texts";
import type { Site } from "./types";

const icons: Record<string, LucideIcon> = {
  songs: Music,
  albums: Disc3,
  users: Users,
  invitations: Mail,
  messages: MessageSquare,
  tokens: KeyRound,
  sessions: MonitorSmartphone,
  log: FileClock,
};

interface Item {
  to: string;
  label: string;
  icon: LucideIcon;
  end?: boolean;
}

function NavGroup({ label, items }: { label: string; items: Item[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <p className="px-3 pb-1.5 text-xs font-medium text-quiet">{label}</p>
      <ul className="flex flex-col gap-0.5">
        {items.map(({ to, label, icon: Icon, end }) => (
          <li key={to}>
            <NavLink
              to={to}
              end={end}
              className={({ isActive }) =>
                clsx(
                  "flex h-9 items-center gap-3 rounded-lg px-3 text-sm transition-colors",
                  isActive ? "bg-lifted font-medium text-strong" : "text-text hover:bg-lifted hover:text-strong",
                )
              }
            >
              <Icon aria-hidden size={17} className="shrink-0 text-quiet" />
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The panel's frame: its models at the side, on phones behind a button. */
export function AdminShell({ site, children }: { site: Site; children: ReactNode }) {
  const text = useAdminText();
  const label = useLabel();
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string>();
  const open = openAt === pathname; // going somewhere closes it
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [pathname]);
  const { can, me } = site;
  const tools: Item[] = [];
  if (can.upload) tools.push({ to: "/admin/upload", label: text("admin.upload"), icon: Upload });
  tools.push({ to: "/admin/jobs", label: text("admin.jobs"), icon: Timer });
  if (can.serverLog) tools.push({ to: "/admin/server-log", label: text("admin.serverLog"), icon: ScrollText });
  const models = site.models.map((m) => ({ to: `/admin/${m.name}`, label: label(m.plural), icon: icons[m.name] ?? Table2 }));
  return (
    <div className="grid h-full grid-rows-[auto_1fr] bg-ground md:grid-cols-[15rem_1fr] md:grid-rows-1">
      <a
        href="#admin-main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {text("admin.skip")}
      </a>
      <header className="flex items-center gap-3 border-b border-line bg-sunk px-4 py-2 md:hidden">
        <IconButton icon={MenuIcon} label={text("admin.menu")} aria-expanded={open} onClick={() => setOpenAt(open ? undefined : pathname)} />
        <Link to="/admin/" className="flex items-center gap-2 font-serif text-lg text-strong">
          <img src="/mark.svg" alt="" width={24} height={24} />
          {text("admin.title")}
        </Link>
      </header>
      <nav
        aria-label={text("admin.title")}
        className={clsx(
          "z-40 min-h-0 flex-col gap-6 overflow-y-auto border-r border-line bg-sunk px-3 py-4 md:flex",
          open ? "fixed inset-x-0 top-14 bottom-0 flex" : "hidden",
        )}
      >
        <Link to="/admin/" className="hidden items-center gap-2.5 px-2 font-serif text-xl text-strong md:flex">
          <img src="/mark.svg" alt="" width={28} height={28} />
          Antiphon
        </Link>
        <NavGroup
          label={text("admin.overview")}
          items={[{ to: "/admin/", label: text("admin.dashboard"), icon: LayoutDashboard, end: true }]}
        />
        <NavGroup label={text("admin.data")} items={models} />
        <NavGroup label={text("admin.tools")} items={tools} />
        <div className="mt-auto flex flex-col gap-1 border-t border-line pt-3">
          <Link to="/" className="flex h-9 items-center gap-3 rounded-lg px-3 text-sm hover:bg-lifted hover:text-strong">
            <ArrowLeft aria-hidden size={17} className="text-quiet" />
            {text("admin.toPlayer")}
          </Link>
          <Link to="/settings" className="flex items-center gap-3 rounded-lg px-3 py-2 text-sm hover:bg-lifted">
            <Avatar name={me.name} image={me.image} size={28} />
            <span className="min-w-0">
              <span className="block truncate text-strong">{me.name}</span>
              <span className="block text-xs text-quiet">{label(me.role)}</span>
            </span>
          </Link>
        </div>
      </nav>
      <main id="admin-main" ref={main} tabIndex={-1} className="min-h-0 min-w-0 overflow-y-auto outline-none">
        <div className="mx-auto max-w-[100rem] px-4 py-6 md:px-8 md:py-8">{children}</div>
      </main>
      <Toaster />
    </div>
  );
}

/** The head of a page of the panel: what it is, and what can be done. */
export function PageHead({ title, back, children }: { title: string; back?: { to: string; label: string }; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Antiphon`;
  }, [title]);
  return (
    <div className="mb-6 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-60">
        {back && (
          <Link to={back.to} className="mb-1 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-strong">
            <ArrowLeft aria-hidden size={14} />
            {back.label}
          </Link>
        )}
        <h1 className="display text-3xl break-words md:text-4xl">{title}</h1>
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </div>
  );
}
