import clsx from "clsx";
import { ShieldCheck } from "lucide-react";
import { Link, useLocation } from "react-router";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { Brand } from "./Brand";
import { friends, home, isWithin, library, messages, type Place, search } from "./navigation";
import { UnreadBadge } from "./UnreadBadge";

/** Where one can go, from tablets up: icons, and beside them names where there is room. */
export function Sidebar() {
  const text = useText();
  const me = useMe();
  return (
    <nav
      aria-label={text("nav.main")}
      className="hidden w-18 shrink-0 flex-col gap-6 overflow-y-auto border-r border-line bg-sunk px-3 py-4 md:flex lg:w-60"
    >
      <Brand />
      <List places={[home, search]} />
      <List title={text("nav.library")} places={library} />
      <List title={text("browse.together")} places={[friends, messages]} />
      {me && me.role !== "member" && (
        <div className="mt-auto">
          <List places={[{ to: "/admin", label: "nav.admin", icon: ShieldCheck }]} />
        </div>
      )}
    </nav>
  );
}

function List({ title, places }: { title?: string; places: Place[] }) {
  return (
    <div>
      {title && <p className="hidden px-3 pb-2 text-xs font-medium text-quiet lg:block">{title}</p>}
      <ul className="flex flex-col gap-0.5">
        {places.map((place) => (
          <Item key={place.to} place={place} />
        ))}
      </ul>
    </div>
  );
}

function Item({ place }: { place: Place }) {
  const text = useText();
  const { pathname } = useLocation();
  const active = isWithin(pathname, place);
  const Icon = place.icon;
  return (
    <li>
      <Link
        to={place.to}
        title={text(place.label)}
        aria-current={active ? "page" : undefined}
        className={clsx(
          "relative flex h-11 items-center justify-center gap-3 rounded-lg px-3 text-sm font-medium transition-colors lg:h-10 lg:justify-start",
          active ? "bg-lifted text-strong" : "text-quiet hover:bg-raised hover:text-strong",
        )}
      >
        <Icon aria-hidden size={20} className={clsx("shrink-0", active && "text-accent")} />
        <span className="sr-only lg:not-sr-only">{text(place.label)}</span>
        {place === messages && <UnreadBadge className="absolute top-1 right-1 lg:static lg:ml-auto" />}
      </Link>
    </li>
  );
}
