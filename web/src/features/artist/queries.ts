import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import { given } from "@/api/given";
import type { Artist, ArtistPage, Page } from "@/api/types";
import { nextOffset } from "@/features/album/queries";

const pageSize = 60;

export const artistQuery = (name: string) =>
  queryOptions({
    queryKey: ["artist", name],
    queryFn: ({ signal }) => web.get<ArtistPage>(`artists/${encodeURIComponent(name)}`, undefined, signal),
    initialData: () => given<ArtistPage>(`artists/${encodeURIComponent(name)}`),
    staleTime: 60_000,
  });

export const artistsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["artists", q],
    queryFn: ({ pageParam, signal }) =>
      web.get<Page<Artist>>("artists", { q, limit: pageSize, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    staleTime: 60_000,
  });
