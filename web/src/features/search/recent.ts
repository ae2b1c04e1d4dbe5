import { create } from "zustand";

const stored = "antiphon.searches";
const most = 8;

/** Reads what was kept; anything odd counts as nothing. */
export function parse(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((v) => typeof v === "string").slice(0, most) : [];
  } catch {
    return [];
  }
}

/** A list with a search at its head, once, and no longer than it may be. */
export function withSearch(list: string[], search: string): string[] {
  const words = search.trim();
  if (!words) return list;
  return [words, ...list.filter((s) => s.toLowerCase() !== words.toLowerCase())].slice(0, most);
}

const useStore = create<{ list: string[] }>()(() => ({ list: parse(localStorage.getItem(stored)) }));

function keep(list: string[]): void {
  localStorage.setItem(stored, JSON.stringify(list));
  useStore.setState({ list });
}

/** The searches that led somewhere, newest first; on this device only. */
export const useRecentSearches = (): string[] => useStore((s) => s.list);

export const rememberSearch = (search: string): void => keep(withSearch(useStore.getState().list, search));
export const forgetSearch = (search: string): void => keep(useStore.getState().list.filter((s) => s !== search));
export const forgetSearches = (): void => keep([]);
