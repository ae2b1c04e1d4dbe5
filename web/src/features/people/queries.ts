import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { Page, Person, Presence } from "@/api/types";

const pageSize = 50;

/** People by name, those who match every word of q; a page at a time. */
export const peopleQuery = (q = "") =>
  infiniteQueryOptions({
    queryKey: ["people", "list", q],
    queryFn: ({ pageParam, signal }) => web.get<Page<Person>>("people", { q, limit: pageSize, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, _pages, offset) => (offset + last.items.length < last.total && last.items.length > 0 ? offset + pageSize : undefined),
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["people", "one", id],
    queryFn: ({ signal }) => web.get<Person>(`people/${encodeURIComponent(id)}`, undefined, signal),
    staleTime: 5 * 60_000,
  });

/** Who is online, by name; what they do comes over the socket. */
export const presenceQuery = queryOptions({
  queryKey: ["people", "presence"],
  queryFn: ({ signal }) => web.get<Presence[]>("presence", undefined, signal),
  staleTime: Infinity,
});
