import type { Song } from "@/api/types";
import type { Entry } from "./queue";

/** A song for tests, told apart by its id. */
export function song(id: number, more: Partial<Song> = {}): Song {
  return {
    id,
    title: `Song ${id}`,
    artist: "Somebody",
    albumId: null,
    albumTitle: null,
    image: "",
    audio: `/media/${id}.mp3`,
    duration: 200,
    createdAt: "2026-01-01T00:00:00Z",
    ...more,
  };
}

/** Entries with the keys "a", "b", … for tests. */
export function entries(keys: string): Entry[] {
  return [...keys].map((key, i) => ({ key, song: song(i + 1) }));
}
