import { useSyncExternalStore } from "react";
import { en } from "./en";

/** Every text of the app, by key; `en` is the reference that the others must match. */
export type Catalogue = typeof en;
export type TextKey = keyof Catalogue;
export type Language = "en" | "de";
type Values = Record<string, string | number>;

export const languages: Record<Language, string> = { en: "English", de: "Deutsch" };

const stored = "antiphon.language";
const listeners = new Set<() => void>();
let language: Language = "en";
let texts: Record<string, string> = en;

function preferred(): Language {
  const chosen = localStorage.getItem(stored) ?? navigator.language.slice(0, 2);
  return chosen === "de" ? "de" : "en";
}

async function load(next: Language): Promise<void> {
  texts = next === "de" ? (await import("./de")).de : en;
  language = next;
  document.documentElement.lang = next;
  for (const notify of listeners) notify();
}

/** Loads the language of choice; before the first render. */
export function startLanguage(): Promise<void> {
  const next = preferred();
  return next === "en" ? Promise.resolve() : load(next);
}

export async function setLanguage(next: Language): Promise<void> {
  localStorage.setItem(stored, next);
  await load(next);
}

/**
 * The text under a key, with {name} replaced by values. A value `count` picks
 * `key.one` for 1 where the catalogue has it.
 */
export function t(key: TextKey, values?: Values): string {
  return fill(texts, key, values);
}

function fill(texts: Record<string, string>, key: string, values?: Values): string {
  const one = values?.["count"] === 1 ? texts[`${key}.one`] : undefined;
  const text = one ?? texts[key] ?? key;
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

/**
 * Returns a hook like useText for a catalogue of its own, which comes with a
 * chunk that most people never load. It falls back on English.
 */
export function ownTexts<C extends Record<string, string>>(english: C, loadGerman: () => Promise<Record<keyof C, string>>) {
  const own = { language: "en" as Language, texts: english as Record<string, string> };
  const follow = async () => {
    own.texts = language === "de" ? await loadGerman() : english;
    own.language = language;
    for (const notify of ownListeners) notify();
  };
  const ownListeners = new Set<() => void>();
  listeners.add(() => void follow());
  if (language !== "en") void follow();
  return () => {
    useSyncExternalStore(
      (notify) => {
        ownListeners.add(notify);
        return () => ownListeners.delete(notify);
      },
      () => own.texts,
    );
    return (key: keyof C & string, values?: Values) => fill(own.texts, key, values);
  };
}

/** Renders again when the language changes, and returns `t`. */
export function useText(): typeof t {
  useLanguage();
  return t;
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => language,
  );
}

/** A number in the language of choice, with so many digits behind the point. */
export function formatNumber(n: number, digits = 0): string {
  return n.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// To make a format takes longer than to draw the message that it dates.
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** A date in the language of choice, such as "22 Nov 2026". */
export function formatDate(iso: string, options: Intl.DateTimeFormatOptions = { dateStyle: "medium" }): string {
  const key = language + JSON.stringify(options);
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(language, options);
  dateFormats.set(key, format);
  return format.format(new Date(iso));
}

/** How long ago, in words: "5 minutes ago". */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return format.format(0, "second");
}

/** Seconds as a clock: 3:05, 1:02:03. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(s).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${tail}` : `${m}:${tail}`;
}
