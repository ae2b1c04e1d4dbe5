import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { Page, Song } from "@/api/types";

export const sorts = ["newest", "title", "artist"] as const;
export type Sort = (typeof sorts)[number];

/** What a listing of songs shows, and in which order. */
export interface Listing {
  q: string;
  sort: Sort;
}

/** Songs fetched at once. */
export const pageSize = 200;

/** One page of a listing; pages count from 0. */
export const songsPageQuery = ({ q, sort }: Listing, page: number) =>
  queryOptions({
    queryKey: ["songs", sort, q, page],
    queryFn: ({ signal }) =>
      web.get<Page<Song>>("songs", { q, sort, limit: pageSize, offset: page * pageSize }, signal),
    staleTime: 60_000,
  });

/** How many songs a listing has; while that is asked, how many the one before had. */
export const songsTotalQuery = (listing: Listing) =>
  queryOptions({ ...songsPageQuery(listing, 0), placeholderData: keepPreviousData });

export const songQuery = (id: number) =>
  queryOptions({ queryKey: ["song", id], queryFn: ({ signal }) => web.get<Song>(`songs/${id}`, undefined, signal) });
