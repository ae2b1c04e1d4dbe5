import type { Song } from "@/api/types";
import { t } from "@/i18n";
import { toast } from "@/ui/toast";
import { getProgress } from "./progress";
import * as rules from "./queue";
import { seekTo } from "./start";
import { type Repeat, usePlayer } from "./store";

const { getState: state, setState: set } = usePlayer;

/** After so many seconds, "previous" begins the song again. */
const restartAfter = 3;

/** Replaces the queue and plays from an index on. */
export function playSongs(songs: Song[], index = 0): void {
  if (songs.length === 0) return;
  set({ ...rules.begin(rules.entriesOf(songs), index, state().shuffle), playing: true });
}

/** Plays another place of the queue. */
export function playAt(index: number): void {
  if (state().queue[index]) set({ index, playing: true });
}

export function play(): void {
  if (state().index >= 0) set({ playing: true });
}

export function pause(): void {
  set({ playing: false });
}

export function toggle(): void {
  if (state().playing) pause();
  else play();
}

/** The next song, even if this one shall be repeated; after the last, the first one stands ready. */
export function next(): void {
  const { queue, index, repeat } = state();
  if (index < 0) return;
  const to = rules.following(queue.length, index, repeat);
  if (to === index) seekTo(0);
  set(to < 0 ? { index: 0, playing: false } : { index: to, playing: true });
  if (to < 0 && index === 0) seekTo(0);
}

/** The song before; or this one again, when it has played for a while. */
export function previous(): void {
  const { queue, index, repeat } = state();
  if (index < 0) return;
  const to = rules.preceding(queue.length, index, repeat);
  if (getProgress().time > restartAfter || to < 0 || to === index) seekTo(0);
  else set({ index: to });
  set({ playing: true });
}

/** Goes to a time of the current song, in seconds. */
export function seek(seconds: number): void {
  seekTo(seconds);
}

/** Puts songs behind the current one; in an empty queue they play at once. */
export function playNext(songs: Song[]): void {
  const before = state();
  if (songs.length === 0) return;
  set(rules.insert(before, rules.entriesOf(songs), before.index + 1));
  if (before.index < 0) play();
  toast(announce("player.playsNext", songs));
}

/** Puts songs at the end of the queue. */
export function addToQueue(songs: Song[]): void {
  if (songs.length === 0) return;
  set(rules.insert(state(), rules.entriesOf(songs), state().queue.length));
  toast(announce("player.added", songs));
}

function announce(key: "player.playsNext" | "player.added", songs: Song[]): string {
  return songs.length === 1 ? t(key, { title: songs[0]?.title ?? "" }) : t(`${key}.many`, { count: songs.length });
}

function takeOut(index: number): rules.Entry | undefined {
  const before = state();
  const entry = before.queue[index];
  if (!entry) return undefined;
  const wasLast = index === before.index && index === before.queue.length - 1;
  set({ ...rules.remove(before, index), playing: before.playing && !wasLast });
  return entry;
}

function putBack(entry: rules.Entry, index: number): void {
  set(rules.insert(state(), [entry], index));
}

/** Takes a place out of the queue; the notice offers to undo that. */
export function removeAt(index: number): void {
  const entry = takeOut(index);
  if (!entry) return;
  toast(t("player.removed", { title: entry.song.title }), {
    action: { label: t("action.undo"), run: () => putBack(entry, index) },
  });
}

export function move(from: number, to: number): void {
  set(rules.move(state(), from, to));
}

/** Moves an entry so that it plays after the current one. */
export function moveNext(index: number): void {
  const current = state().index;
  move(index, index < current ? current : current + 1);
}

/** Takes a place out of the queue and puts its song aside. */
export function saveForLater(index: number): void {
  const entry = takeOut(index);
  if (!entry) return;
  const { later } = state();
  const known = later.some((s) => s.id === entry.song.id);
  if (!known) set({ later: [entry.song, ...later] });
  toast(t("player.saved", { title: entry.song.title }), {
    action: {
      label: t("action.undo"),
      run: () => {
        if (!known) forget(entry.song.id);
        putBack(entry, index);
      },
    },
  });
}

/** Puts aside a song that need not be in the queue. */
export function saveSong(song: Song): void {
  const { later } = state();
  if (!later.some((s) => s.id === song.id)) set({ later: [song, ...later] });
  toast(t("player.saved", { title: song.title }));
}

function forget(songId: number): void {
  set({ later: state().later.filter((s) => s.id !== songId) });
}

/** Forgets a song that was put aside; the notice offers to undo that. */
export function dropSaved(songId: number): void {
  const { later } = state();
  const at = later.findIndex((s) => s.id === songId);
  const song = later[at];
  if (!song) return;
  forget(songId);
  toast(t("player.removed", { title: song.title }), {
    action: { label: t("action.undo"), run: () => set({ later: state().later.toSpliced(at, 0, song) }) },
  });
}

/** Puts a song that was put aside behind the current one. */
export function takeUp(songId: number): void {
  const song = state().later.find((s) => s.id === songId);
  if (!song) return;
  forget(songId);
  playNext([song]);
}

/** Empties the queue but for the song that plays; the notice offers to undo that. */
export function clearQueue(): void {
  const before = state();
  const count = before.queue.length - 1;
  if (count < 1) return;
  set(rules.clear(before));
  toast(t("player.cleared", { count }), {
    action: { label: t("action.undo"), run: () => set(rules.unclear(state(), before)) },
  });
}

/** Between 0 and 1; anything louder than nothing ends the silence. */
export function setVolume(volume: number): void {
  const to = Math.min(1, Math.max(0, volume));
  set({ volume: to, muted: to > 0 ? false : state().muted });
}

export function toggleMute(): void {
  const { volume, muted } = state();
  if (volume === 0) set({ volume: 0.5, muted: false });
  else set({ muted: !muted });
}

export function toggleShuffle(): void {
  set(state().shuffle ? rules.shuffleOff(state()) : rules.shuffleOn(state()));
}

const cycle: Record<Repeat, Repeat> = { off: "all", all: "one", one: "off" };

export function cycleRepeat(): void {
  set({ repeat: cycle[state().repeat] });
}
