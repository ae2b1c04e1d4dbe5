import { type RefObject, useEffect } from "react";

/** The id of what was found, which search fields lead down to. */
export const resultsId = "search-results";

const stops = "[data-arrow]";

/** Goes from the search field down to the first thing found; false if there is none. */
export function enterResults(): boolean {
  const first = document.querySelector<HTMLElement>(`#${resultsId} ${stops}`);
  first?.focus();
  return first !== null;
}

/** The search field that is shown; there is one in the top bar, and on phones one in the view. */
export function shownField(): HTMLInputElement | undefined {
  const fields = document.querySelectorAll<HTMLInputElement>("[data-search-field] input");
  return [...fields].find((field) => field.checkVisibility());
}

/** Lets the up and down keys go through what was found, and escape back to the field. */
export function useArrows(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const results = ref.current;
    if (!results) return;
    const press = (event: KeyboardEvent) => {
      const all = [...results.querySelectorAll<HTMLElement>(stops)];
      const at = all.findIndex((stop) => stop === document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
      if (at < 0 || step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      (step === 0 ? shownField() : (all[at + step] ?? (step < 0 ? shownField() : undefined)))?.focus();
    };
    results.addEventListener("keydown", press);
    return () => results.removeEventListener("keydown", press);
  }, [ref]);
}
