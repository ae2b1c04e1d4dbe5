import clsx from "clsx";
import { Search } from "lucide-react";
import { useEffect } from "react";
import { useText } from "@/i18n";
import { FilterField } from "@/layout/FilterField";
import { enterResults, shownField } from "./arrows";
import { rememberSearch } from "./recent";

interface SearchFieldProps {
  /** Ctrl+K (⌘K) leads to it. */
  shortcut?: boolean;
  autoFocus?: boolean;
  className?: string;
}

/** The field that searches everything as one types, from any view. */
export function SearchField({ shortcut, autoFocus, className }: SearchFieldProps) {
  const text = useText();
  useEffect(() => {
    if (!shortcut) return;
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      shownField()?.focus();
      shownField()?.select();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [shortcut]);
  return (
    <div data-search-field className={clsx(className)}>
      <FilterField
        label={text("browse.search.placeholder")}
        view="/search"
        icon={Search}
        autoFocus={autoFocus}
        onEnter={rememberSearch}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && enterResults()) event.preventDefault();
        }}
      />
    </div>
  );
}
