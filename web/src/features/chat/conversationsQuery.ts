import { queryOptions } from "@tanstack/react-query";
import { web } from "@/api/client";
import { given } from "@/api/given";
import type { Conversation, Page } from "@/api/types";

/** The most that the server gives at once, which is more than anybody talks to. */
const everything = 500;

/** Whom one talks to, the latest first. Apart from the other queries, since every page counts what is unread. */
export const conversationsQuery = queryOptions({
  queryKey: ["chat", "conversations"],
  queryFn: ({ signal }) => web.get<Page<Conversation>>("conversations", { limit: everything }, signal),
  initialData: () => given<Page<Conversation>>(`conversations?limit=${everything}`),
  staleTime: Infinity, // live.ts keeps it
});
