import { type QueryClient, queryOptions, skipToken } from "@tanstack/react-query";
import { ApiError, web } from "@/api/client";
import { given } from "@/api/given";
import type { Message, Page, Song } from "@/api/types";
import { conversationsQuery } from "./conversationsQuery";
import { mergePage, prependPage, removeMessage, type Thread } from "./thread";

/** How many messages are loaded at a time. */
export const pageSize = 50;

const historyPath = (person: string) => `conversations/${encodeURIComponent(person)}/messages`;

const history = (person: string, before?: string, signal?: AbortSignal) =>
  web.get<Message[]>(historyPath(person), { before, limit: pageSize }, signal);

const threadKey = (person: string) => ["chat", "thread", person];

/** The end of a conversation; loading it again keeps what was loaded before. */
export const threadQuery = (client: QueryClient, person: string) =>
  queryOptions({
    queryKey: threadKey(person),
    queryFn: async ({ signal }) => {
      const known = new Set(client.getQueryData<Thread>(threadKey(person))?.messages.map(({ id }) => id));
      const page = await history(person, undefined, signal);
      return mergePage(client.getQueryData<Thread>(threadKey(person)), known, page, pageSize);
    },
    initialData: () => {
      const page = given<Message[]>(`${historyPath(person)}?limit=${pageSize}`);
      return page && mergePage(undefined, new Set(), page, pageSize);
    },
    staleTime: Infinity,
  });

export function setThread(client: QueryClient, person: string, change: (thread: Thread) => Thread): void {
  client.setQueryData<Thread>(threadKey(person), (thread) => thread && change(thread));
}

/** The newest messages, from the server; what is shown learns of them, too. */
export async function newestMessages(client: QueryClient, person: string): Promise<Message[]> {
  return (await client.fetchQuery({ ...threadQuery(client, person), staleTime: 0 })).messages;
}

/** The id of the newest message that has been loaded. */
export function newestKnown(client: QueryClient, person: string): string | undefined {
  const thread = client.getQueryData<Thread>(threadKey(person));
  const list = client.getQueryData(conversationsQuery.queryKey);
  return (thread?.messages.at(-1) ?? list?.items.find((c) => c.person.id === person)?.last)?.id;
}

export async function loadOlder(client: QueryClient, person: string): Promise<void> {
  const first = client.getQueryData<Thread>(threadKey(person))?.messages[0];
  if (!first) return;
  const page = await history(person, first.id);
  // Whoever loaded more meanwhile has these already.
  setThread(client, person, (thread) => (thread.messages[0]?.id === first.id ? prependPage(thread, page, pageSize) : thread));
}

export async function deleteMessage(client: QueryClient, person: string, id: string): Promise<void> {
  try {
    await web.delete<undefined>(`messages/${id}`);
  } catch (error) {
    if (!(error instanceof ApiError && error.kind === "not_found")) throw error; // it is gone already
  }
  setThread(client, person, (thread) => removeMessage(thread, id));
  void client.invalidateQueries(conversationsQuery);
}

/** Songs by words, for attaching one. */
export const songSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["songs", "attach", q],
    queryFn: q ? ({ signal }) => web.get<Page<Song>>("songs", { q, limit: 20 }, signal) : skipToken,
  });
