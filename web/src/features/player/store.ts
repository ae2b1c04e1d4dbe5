import { create } from "zustand";
import type { Song } from "@/api/types";
import { restore } from "./persist";
import type { Queue, Repeat } from "./queue";

export type { Entry, Repeat } from "./queue";

export interface PlayerState extends Queue {
  playing: boolean;
  /** Kept until taken up: songs put aside with "save for later". */
  later: Song[];
  /** Between 0 and 1. */
  volume: number;
  muted: boolean;
  repeat: Repeat;
}

export const initial: PlayerState = {
  queue: [],
  index: -1,
  playing: false,
  later: [],
  volume: 1,
  muted: false,
  shuffle: false,
  order: [],
  repeat: "off",
};

/** What plays, and what will. It begins where the last visit ended, paused. */
export const usePlayer = create<PlayerState>()(() => ({ ...initial, ...restore() }));

/** The song that plays or would; undefined for none. */
export const useCurrent = (): Song | undefined => usePlayer((s) => s.queue[s.index]?.song);
