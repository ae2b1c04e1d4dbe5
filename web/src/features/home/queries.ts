import { queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import { given } from "@/api/given";
import type { Home } from "@/api/types";

export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: ({ signal }) => web.get<Home>("home", undefined, signal),
  initialData: () => given<Home>("home"),
  staleTime: 60_000,
  refetchOnWindowFocus: false, // what is featured would change under the reader's eyes
});
