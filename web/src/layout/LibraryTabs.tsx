import clsx from "clsx";
import { Link, useLocation } from "react-router";
import { useText } from "@/i18n";
import { isWithin, library } from "./navigation";

/** The three ways through the library, on phones, where the sidebar is not. */
export function LibraryTabs() {
  const text = useText();
  const { pathname } = useLocation();
  return (
    <nav aria-label={text("nav.library")} className="flex gap-2 pb-5 md:hidden">
      {library.map((place) => {
        const active = isWithin(pathname, place);
        return (
          <Link
            key={place.to}
            to={place.to}
            replace
            aria-current={active ? "page" : undefined}
            className={clsx(
              "flex h-9 items-center rounded-full px-4 text-sm font-medium",
              active ? "bg-strong text-ground" : "bg-lifted text-text",
            )}
          >
            {text(place.label)}
          </Link>
        );
      })}
    </nav>
  );
}
