import { queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { Page, Song } from "@/api/types";

export interface Named {
  title: string;
  artist: string;
}

const prefix = "Playing ";
const between = " by ";

/** What an activity says without its first word; undefined for somebody who plays nothing. */
export function listeningTo(activity: string | undefined): string | undefined {
  return activity?.startsWith(prefix) ? activity.slice(prefix.length) : undefined;
}

/**
 * The songs that an activity may mean: where title or artist hold " by "
 * themselves, each way to read it, the shortest artist first.
 */
export function readings(activity: string): Named[] {
  const line = listeningTo(activity) ?? "";
  const found: Named[] = [];
  for (let at = line.lastIndexOf(between); at > 0; at = line.lastIndexOf(between, at - 1)) {
    const artist = line.slice(at + between.length);
    if (artist) found.push({ title: line.slice(0, at), artist });
  }
  return found;
}

/** The song that an activity names, null if the library has none of that name. */
export const heardSongQuery = (activity: string) =>
  queryOptions({
    queryKey: ["songs", "heard", activity],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      for (const { title, artist } of readings(activity)) {
        const { items } = await web.get<Page<Song>>("songs", { title, artist, limit: 1 }, signal);
        if (items[0]) return items[0];
      }
      return null;
    },
  });
