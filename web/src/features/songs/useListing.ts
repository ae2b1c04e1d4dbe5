import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useSearchParams } from "react-router";
import type { Song } from "@/api/types";
import { playSongs } from "@/features/player/actions";
import { toast } from "@/ui/toast";
import { errorText } from "@/ui/State";
import { playOrToggle, playShuffled } from "./play";
import { type Listing, pageSize, type Sort, songsPageQuery, songsTotalQuery, sorts } from "./queries";
import { pagesOf } from "./windows";

/** The listing that the address asks for. */
export function useListing(): Listing & { setSort: (sort: Sort) => void } {
  const [params, setParams] = useSearchParams();
  const sort = sorts.find((s) => s === params.get("sort")) ?? "newest";
  return {
    q: (params.get("q") ?? "").trim(),
    sort,
    setSort: (next) =>
      setParams(
        (old) => {
          if (next === "newest") old.delete("sort");
          else old.set("sort", next);
          return old;
        },
        { replace: true },
      ),
  };
}

/** The songs of a listing, of which only the pages looked at are loaded. */
export function useSongPages(listing: Listing) {
  const [[first, last], setRows] = useState<[number, number]>([0, 0]);
  const total = useQuery(songsTotalQuery(listing));
  const count = total.data?.total ?? 0;
  const pages = pagesOf(first, last, pageSize, count);
  const results = useQueries({ queries: pages.map((page) => songsPageQuery(listing, page)) });

  const songAt = (index: number): Song | undefined => {
    const page = Math.floor(index / pageSize);
    const data = results[pages.indexOf(page)]?.data ?? (page === 0 ? total.data : undefined);
    return data?.items[index % pageSize];
  };
  const onVisible = useCallback((from: number, to: number) => {
    const [a, b] = [from, to].map((row) => Math.floor(row / pageSize) * pageSize) as [number, number];
    setRows((old) => (old[0] === a && old[1] === b ? old : [a, b]));
  }, []);
  return { total, count, songAt, onVisible, failed: results.find((r) => r.isError) };
}

/** Plays a listing; the queue gets the page of a song and the one after it. */
export function usePlayListing(listing: Listing, count: number) {
  const client = useQueryClient();
  const load = async (page: number): Promise<Song[]> => {
    const pages = [page, page + 1].filter((p) => p * pageSize < count);
    const loaded = await Promise.all(pages.map((p) => client.ensureQueryData(songsPageQuery(listing, p))));
    return loaded.flatMap((p) => p.items);
  };
  const tell = (error: unknown) => toast(errorText(error), { kind: "error" });
  return {
    from: (index: number) =>
      void load(Math.floor(index / pageSize)).then((songs) => playOrToggle(songs, index % pageSize), tell),
    all: () => void load(0).then((songs) => playSongs(songs), tell),
    shuffled: () => void load(Math.floor((Math.random() * count) / pageSize)).then(playShuffled, tell),
  };
}
