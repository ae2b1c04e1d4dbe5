import type { Conversation, Message, Page } from "@/api/types";

type List = Page<Conversation>;

const other = (message: Message, me: string) => (message.from === me ? message.to : message.from);

/**
 * The list with a message that has just been written; undefined if it is the
 * first with that person, whose name is not known then.
 */
export function withMessage(list: List, message: Message, me: string): List | undefined {
  const at = list.items.findIndex(({ person }) => person.id === other(message, me));
  const found = list.items[at];
  if (!found) return undefined;
  const { last } = found;
  if (last && (last.id === message.id || Date.parse(last.at) > Date.parse(message.at))) return list;
  const unread = message.from === me ? found.unread : found.unread + 1;
  return { ...list, items: [{ ...found, last: message, unread }, ...list.items.toSpliced(at, 1)] };
}

export function withConversation(list: List, person: string, change: Partial<Conversation>): List {
  return { ...list, items: list.items.map((c) => (c.person.id === person ? { ...c, ...change } : c)) };
}
