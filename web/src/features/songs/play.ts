import type { Song } from "@/api/types";
import { playSongs, toggle, toggleShuffle } from "@/features/player/actions";
import { useCurrent, usePlayer } from "@/features/player/store";

/** Plays from an index on; or pauses or goes on, where that is the song at hand. */
export function playOrToggle(songs: Song[], index: number): void {
  const { queue, index: at } = usePlayer.getState();
  if (queue[at]?.song.id === songs[index]?.id) toggle();
  else playSongs(songs, index);
}

/** Plays songs in a random order. */
export function playShuffled(songs: Song[]): void {
  if (!usePlayer.getState().shuffle) toggleShuffle();
  playSongs(songs, Math.floor(Math.random() * songs.length));
}

/** Whether one of these songs is at hand, and whether it plays. */
export function useHolds(songs: Song[]): { current: boolean; playing: boolean } {
  const song = useCurrent();
  const playing = usePlayer((s) => s.playing);
  const current = song !== undefined && songs.some((s) => s.id === song.id);
  return { current, playing: current && playing };
}

/** How a song stands with the player. */
export function useStanding(song: Song | undefined): "playing" | "paused" | "other" {
  return usePlayer((s) => {
    if (song === undefined || s.queue[s.index]?.song.id !== song.id) return "other";
    return s.playing ? "playing" : "paused";
  });
}
