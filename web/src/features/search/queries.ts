import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { SearchResult } from "@/api/types";

/** What is found for some words; while that is asked, what was found before. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) => web.get<SearchResult>("search", { q }, signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
