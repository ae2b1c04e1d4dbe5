import { formatDate, t } from "@/i18n";

const days = (a: Date, b: Date) =>
  Math.round((new Date(a).setHours(0, 0, 0, 0) - new Date(b).setHours(0, 0, 0, 0)) / 86_400_000);

export const clock = (at: string): string => formatDate(at, { hour: "numeric", minute: "2-digit" });

/** As short as it can be: the clock today, the weekday this week, else the date. */
export function shortTime(at: string, now = new Date()): string {
  const ago = days(now, new Date(at));
  if (ago === 0) return clock(at);
  if (ago < 7) return formatDate(at, { weekday: "short" });
  return formatDate(at, { day: "numeric", month: "short", year: now.getFullYear() === new Date(at).getFullYear() ? undefined : "numeric" });
}

/** A day as a heading: today, yesterday, or its date. */
export function dayName(at: string, now = new Date()): string {
  const ago = days(now, new Date(at));
  if (ago === 0) return t("chat.today");
  if (ago === 1) return t("chat.yesterday");
  const thisYear = now.getFullYear() === new Date(at).getFullYear();
  return formatDate(at, { weekday: "long", day: "numeric", month: "long", year: thisYear ? undefined : "numeric" });
}
