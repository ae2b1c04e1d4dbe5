import { useSyncExternalStore } from "react";

export type Theme = "dark" | "light" | "system";

const key = "antiphon.theme"; // boot.js reads it before the first paint
const system = matchMedia("(prefers-color-scheme: light)");
const listeners = new Set<() => void>();

export function theme(): Theme {
  const stored = localStorage.getItem(key);
  return stored === "light" || stored === "system" ? stored : "dark";
}

function apply(): void {
  const chosen = theme();
  const light = chosen === "light" || (chosen === "system" && system.matches);
  document.documentElement.dataset["theme"] = light ? "light" : "dark";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", light ? "#fbf9f5" : "#131211");
  for (const notify of listeners) notify();
}

export function setTheme(next: Theme): void {
  localStorage.setItem(key, next);
  apply();
}

/** Follows the system while that is the choice. */
export function startTheme(): void {
  system.addEventListener("change", apply);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((notify) => {
    listeners.add(notify);
    return () => listeners.delete(notify);
  }, theme);
}
