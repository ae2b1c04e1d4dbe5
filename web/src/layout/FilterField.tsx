import clsx from "clsx";
import { type LucideIcon, ListFilter, X } from "lucide-react";
import { type KeyboardEvent, useRef, type Ref } from "react";
import { useText } from "@/i18n";
import { inputClass } from "@/ui/Field";
import { useQueryText } from "./useQueryText";

interface FilterFieldProps {
  label: string;
  /** The view whose ?q= it is; the one at hand if none is named. */
  view?: string;
  icon?: LucideIcon;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  onEnter?: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
  className?: string;
  autoFocus?: boolean;
}

/** A field that narrows a view as one types. */
export function FilterField({ label, view, icon: Icon = ListFilter, onKeyDown, onEnter, ref, className, autoFocus }: FilterFieldProps) {
  const text = useText();
  const { value, type, settle } = useQueryText(view);
  const box = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={box}
      role="search"
      aria-label={label}
      className={clsx("relative", className)}
      onSubmit={(event) => {
        event.preventDefault();
        settle();
        onEnter?.(value);
      }}
    >
      <Icon aria-hidden size={18} className="pointer-events-none absolute top-1/2 left-3.5 -translate-y-1/2 text-quiet" />
      <input
        ref={ref}
        type="search"
        name="q"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        autoFocus={autoFocus}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        className={clsx(inputClass, "h-10 rounded-full! pr-10 pl-10 [&::-webkit-search-cancel-button]:hidden")}
      />
      {value && (
        <button
          type="button"
          aria-label={text("action.clear")}
          onClick={() => {
            settle("");
            box.current?.querySelector("input")?.focus();
          }}
          className="absolute top-1/2 right-2 grid size-7 -translate-y-1/2 place-items-center rounded-full text-quiet hover:text-strong"
        >
          <X aria-hidden size={16} />
        </button>
      )}
    </form>
  );
}
