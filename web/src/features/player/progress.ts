import { useSyncExternalStore } from "react";

/** How far the current song is. Times in seconds. */
export interface Progress {
  time: number;
  duration: number;
  /** Loaded stretches, as [from, to]. */
  buffered: [number, number][];
  /** It should be heard, but its data has not come yet. */
  waiting: boolean;
}

// Apart from the player's store, because it changes four times a second.
let progress: Progress = { time: 0, duration: 0, buffered: [], waiting: false };
const listeners = new Set<() => void>();

export function getProgress(): Progress {
  return progress;
}

export function setProgress(change: Partial<Progress>): void {
  progress = { ...progress, ...change };
  for (const notify of listeners) notify();
}

/** Calls back after each change; returns how to end that. */
export function onProgress(notify: () => void): () => void {
  listeners.add(notify);
  return () => listeners.delete(notify);
}

export function useProgress(): Progress {
  return useSyncExternalStore(onProgress, getProgress);
}

/** Only whether data is waited for, for those who need no clock. */
export function useWaiting(): boolean {
  return useSyncExternalStore(onProgress, () => progress.waiting);
}
