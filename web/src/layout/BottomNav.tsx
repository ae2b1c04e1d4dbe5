import clsx from "clsx";
import { CircleUser, Library } from "lucide-react";
import { Link, useLocation } from "react-router";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { AccountMenu } from "./AccountMenu";
import { home, isWithin, library, messages, type Place, search } from "./navigation";
import { UnreadBadge } from "./UnreadBadge";

const places: Place[] = [
  home,
  search,
  {
    to: "/albums",
    label: "nav.library",
    icon: Library,
    within: library.flatMap(({ to, within = [] }) => [to, ...within]),
  },
  messages,
];

const itemClass = "flex h-14 w-full flex-col items-center justify-center gap-1 text-[0.6875rem] font-medium transition-colors";

/** Where one can go, on phones. */
export function BottomNav() {
  const text = useText();
  const { pathname } = useLocation();
  const me = useMe();
  return (
    <nav aria-label={text("nav.main")} className="border-t border-line bg-sunk pb-[env(safe-area-inset-bottom)] md:hidden">
      <ul className="grid grid-cols-5">
        {places.map((place) => {
          const active = isWithin(pathname, place);
          return (
            <li key={place.label}>
              <Link
                to={place.to}
                aria-current={active ? "page" : undefined}
                className={clsx(itemClass, active ? "text-strong" : "text-quiet")}
              >
                <span className="relative">
                  <place.icon aria-hidden size={22} className={clsx(active && "text-accent")} />
                  {place === messages && <UnreadBadge className="absolute -top-1.5 left-3.5" />}
                </span>
                {text(place.label)}
              </Link>
            </li>
          );
        })}
        <li>
          <AccountMenu
            trigger={
              <button type="button" className={clsx(itemClass, "text-quiet")}>
                {me ? <Avatar name={me.name} image={me.image} size={22} /> : <CircleUser aria-hidden size={22} />}
                {text("nav.account")}
              </button>
            }
          />
        </li>
      </ul>
    </nav>
  );
}
