import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import { given } from "@/api/given";
import type { Album, AlbumSongs, Page } from "@/api/types";

const pageSize = 60;

export const albumQuery = (id: number) =>
  queryOptions({
    queryKey: ["album", id],
    queryFn: ({ signal }) => web.get<AlbumSongs>(`albums/${id}`, undefined, signal),
    initialData: () => given<AlbumSongs>(`albums/${id}`),
    staleTime: 60_000,
  });

export const albumsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["albums", q],
    queryFn: ({ pageParam, signal }) =>
      web.get<Page<Album>>("albums", { q, limit: pageSize, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    staleTime: 60_000,
  });

/** The offset of the page after the last one; undefined after all. */
export function nextOffset<T>(last: Page<T>, pages: Page<T>[]): number | undefined {
  const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
  return last.items.length > 0 && loaded < last.total ? loaded : undefined;
}
