import type { Song } from "@/api/types";

// The rules of the queue, as functions from one queue to the next.

export type Repeat = "off" | "all" | "one";

/** One place in the queue. A song may be in it more than once, so places have keys of their own. */
export interface Entry {
  key: string;
  song: Song;
}

export interface Queue {
  queue: Entry[];
  /** Index into the queue; -1 for an empty one. */
  index: number;
  shuffle: boolean;
  /** Keys in the order before shuffling; empty while that is off. May name entries that are gone. */
  order: string[];
}

/** Returns numbers in [0, 1). */
export type Random = () => number;

let made = 0;

/** Gives each song a place of its own. Keys stay unique across visits. */
export function entriesOf(songs: Song[]): Entry[] {
  return songs.map((song) => ({ key: `${Date.now().toString(36)}-${(++made).toString(36)}`, song }));
}

const keysOf = (entries: Entry[]) => entries.map((e) => e.key);

function shuffled(entries: Entry[], random: Random): Entry[] {
  const mixed = [...entries];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as Entry, mixed[i] as Entry];
  }
  return mixed;
}

/** A queue of these entries that begins with one of them; under shuffle the others follow in any order. */
export function begin(entries: Entry[], index: number, shuffle: boolean, random: Random = Math.random): Queue {
  const chosen = entries[index];
  if (!chosen) return { queue: entries, index: entries.length ? 0 : -1, shuffle, order: shuffle ? keysOf(entries) : [] };
  if (!shuffle) return { queue: entries, index, shuffle, order: [] };
  const others = entries.filter((e) => e !== chosen);
  return { queue: [chosen, ...shuffled(others, random)], index: 0, shuffle, order: keysOf(entries) };
}

/** Mixes what is still to come; what was played, and what plays, stays where it is. */
export function shuffleOn(q: Queue, random: Random = Math.random): Queue {
  const played = q.queue.slice(0, q.index + 1);
  const queue = [...played, ...shuffled(q.queue.slice(q.index + 1), random)];
  return { queue, index: q.index, shuffle: true, order: keysOf(q.queue) };
}

/** Puts the queue back into the order before shuffling; the song that plays stays the current one. */
export function shuffleOff(q: Queue): Queue {
  const rank = new Map(q.order.map((key, i) => [key, i]));
  const rankOf = (e: Entry) => rank.get(e.key) ?? q.order.length;
  const queue = [...q.queue].sort((a, b) => rankOf(a) - rankOf(b));
  const current = q.queue[q.index];
  return { queue, index: current ? queue.indexOf(current) : -1, shuffle: false, order: [] };
}

/** The index that plays when the current song ends; -1 for none. */
export function upcoming(length: number, index: number, repeat: Repeat): number {
  if (length === 0) return -1;
  if (repeat === "one") return index;
  return following(length, index, repeat);
}

/** The index after the current one, for those who do not want to hear this song again; -1 for none. */
export function following(length: number, index: number, repeat: Repeat): number {
  if (index + 1 < length) return index + 1;
  return repeat === "off" || length === 0 ? -1 : 0;
}

/** The index before the current one; -1 for none. */
export function preceding(length: number, index: number, repeat: Repeat): number {
  if (index > 0) return index - 1;
  return repeat === "off" ? -1 : length - 1;
}

/** Inserts entries; `at` is where the first of them will be. What plays stays the current one. */
export function insert(q: Queue, entries: Entry[], at: number): Queue {
  if (entries.length === 0) return q;
  const place = Math.min(Math.max(at, 0), q.queue.length);
  const index = q.index < 0 ? 0 : place <= q.index ? q.index + entries.length : q.index;
  return { ...q, queue: q.queue.toSpliced(place, 0, ...entries), index, order: orderWith(q, entries, place) };
}

/** In the order before shuffling, new entries stand behind the one that they follow now. */
function orderWith(q: Queue, entries: Entry[], place: number): string[] {
  if (!q.shuffle) return q.order;
  const fresh = keysOf(entries).filter((key) => !q.order.includes(key));
  const before = q.queue[place - 1];
  const at = place === q.queue.length || !before ? q.order.length : q.order.indexOf(before.key) + 1;
  return q.order.toSpliced(at, 0, ...fresh);
}

/** Moves one entry; what plays stays the current one. */
export function move(q: Queue, from: number, to: number): Queue {
  const entry = q.queue[from];
  const current = q.queue[q.index];
  if (!entry || !current || from === to || to < 0 || to >= q.queue.length) return q;
  const queue = q.queue.toSpliced(from, 1).toSpliced(to, 0, entry);
  return { ...q, queue, index: queue.indexOf(current) };
}

/** Takes one entry out. If it is the current one, the next takes its place, or else the one before. */
export function remove(q: Queue, at: number): Queue {
  if (!q.queue[at]) return q;
  const queue = q.queue.toSpliced(at, 1);
  const index = at < q.index ? q.index - 1 : Math.min(q.index, queue.length - 1);
  return { ...q, queue, index };
}

/** Takes out everything but the current entry. */
export function clear(q: Queue): Queue {
  const current = q.queue[q.index];
  return { ...q, queue: current ? [current] : [], index: current ? 0 : -1, order: [] };
}

/** Brings a cleared queue back; what was added since follows it. */
export function unclear(now: Queue, before: Queue): Queue {
  const known = new Set(keysOf(before.queue));
  const queue = [...before.queue, ...now.queue.filter((e) => !known.has(e.key))];
  const current = now.queue[now.index];
  const index = current ? queue.findIndex((e) => e.key === current.key) : before.index;
  return { queue, index, shuffle: before.shuffle, order: before.order };
}
