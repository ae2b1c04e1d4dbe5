import { ChevronDown, Palette } from "lucide-react";
import { Link, useLocation } from "react-router";
import { useMe } from "@/api/session";
import { SearchField } from "@/features/search/SearchField";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { buttonClass } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { AccountMenu } from "./AccountMenu";

/** Search and account, from tablets up. */
export function TopBar() {
  return (
    <header className="hidden h-16 shrink-0 items-center justify-between gap-4 border-b border-line px-6 md:flex">
      <SearchField shortcut className="max-w-md flex-1" />
      <Account />
    </header>
  );
}

function Account() {
  const text = useText();
  const me = useMe();
  const { pathname, search } = useLocation();
  if (me === undefined) return null;
  if (me) {
    return (
      <AccountMenu
        trigger={
          <button
            type="button"
            className="flex h-10 max-w-56 items-center gap-2 rounded-full pr-3 pl-1 text-sm font-medium text-strong transition-colors hover:bg-lifted"
          >
            <Avatar name={me.name} image={me.image} size={32} />
            <span className="sr-only truncate lg:not-sr-only">{me.name}</span>
            <ChevronDown aria-hidden size={16} className="shrink-0 text-quiet" />
          </button>
        }
      />
    );
  }
  const next = `?next=${encodeURIComponent(pathname + search)}`;
  return (
    <div className="flex items-center gap-2">
      <AccountMenu trigger={<IconButton icon={Palette} label={text("browse.appearance")} />} />
      <Link to={`/register${next}`} className={buttonClass("ghost")}>
        {text("nav.register")}
      </Link>
      <Link to={`/sign-in${next}`} className={buttonClass("primary")}>
        {text("nav.signIn")}
      </Link>
    </div>
  );
}
