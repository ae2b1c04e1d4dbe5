/**
 * What has the focus and shall get it back, once what opens now has closed. Of
 * a menu's entry, which is gone by then, it is the button that opened the menu.
 */
export function focusHolder(): Element | null {
  const active = document.activeElement;
  const button = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return (button && document.getElementById(button)) || active;
}

/** Puts the focus back, unless something else has it by now. */
export function returnFocusTo(holder: Element | null): void {
  const lost = document.activeElement === null || document.activeElement === document.body;
  if (lost && holder instanceof HTMLElement) holder.focus();
}
