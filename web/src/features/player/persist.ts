import type { Song } from "@/api/types";
import type { Entry, Queue, Repeat } from "./queue";

const stateKey = "antiphon.player";
const timeKey = "antiphon.player.time";

/** More entries than this are not kept; the store of a browser is small. */
const kept = 1000;
/** How many of them may lie behind the current one. */
const keptPlayed = 100;

/** What is kept between visits, beside the time. */
export interface Kept extends Queue {
  later: Song[];
  volume: number;
  muted: boolean;
  repeat: Repeat;
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store costs the memory of the queue, not the music.
  }
}

function isSong(value: unknown): value is Song {
  const song = value as Partial<Song> | null;
  return (
    typeof song === "object" &&
    song !== null &&
    typeof song.id === "number" &&
    typeof song.title === "string" &&
    typeof song.artist === "string" &&
    typeof song.audio === "string" &&
    typeof song.image === "string" &&
    typeof song.duration === "number"
  );
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry === "object" && entry !== null && typeof entry.key === "string" && isSong(entry.song);
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What the last visit left, as far as it makes sense. */
export function restore(): Partial<Kept> {
  const value = read(stateKey);
  if (typeof value !== "object" || value === null) return {};
  const { queue, index, shuffle, order, later, volume, muted, repeat } = value as Record<keyof Kept, unknown>;
  const entries = list(queue).filter(isEntry);
  const at = typeof index === "number" && Number.isInteger(index) ? index : 0;
  return {
    queue: entries,
    index: entries.length ? Math.min(Math.max(at, 0), entries.length - 1) : -1,
    shuffle: shuffle === true,
    order: list(order).filter((key) => typeof key === "string"),
    later: list(later).filter(isSong),
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : 1,
    muted: muted === true,
    repeat: repeat === "all" || repeat === "one" ? repeat : "off",
  };
}

/** Keeps the state for the next visit. */
export function keep({ queue, index, shuffle, order, later, volume, muted, repeat }: Kept): void {
  const from = queue.length > kept ? Math.max(0, index - keptPlayed) : 0;
  const value: Kept = {
    queue: queue.slice(from, from + kept),
    index: index - from,
    shuffle,
    order,
    later,
    volume,
    muted,
    repeat,
  };
  write(stateKey, value);
}

/** The seconds at which a song was left; 0 if it was another one. */
export function restoreTime(key: string | undefined): number {
  const value = read(timeKey) as { key?: unknown; time?: unknown } | null;
  if (!key || value?.key !== key) return 0;
  return typeof value.time === "number" && value.time > 0 ? value.time : 0;
}

export function keepTime(key: string, time: number): void {
  write(timeKey, { key, time });
}
