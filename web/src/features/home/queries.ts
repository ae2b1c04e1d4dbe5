import { queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { Home } from "@/api/types";

export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: ({ signal }) => web.get<Home>("home", undefined, signal),
  staleTime: 60_000,
  refetchOnWindowFocus: false, // what is featured would change under the reader's eyes
});
