import type { Song } from "@/api/types";
import { t } from "@/i18n";

/** How long songs play together, in whole minutes. */
export function minutesOf(songs: Pick<Song, "duration">[]): number {
  return Math.round(songs.reduce((sum, song) => sum + song.duration, 0) / 60);
}

/** A length in words: "42 min", "1 hr 5 min". */
export function lengthText(songs: Pick<Song, "duration">[]): string {
  const minutes = minutesOf(songs);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return t("browse.minutes", { minutes: Math.max(1, minutes) });
  return rest === 0 ? t("browse.hours", { hours }) : t("browse.hoursMinutes", { hours, minutes: rest });
}
