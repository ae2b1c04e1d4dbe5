import type { Message } from "@/api/types";

/** The loaded end of a conversation, oldest first, without gaps. */
export interface Thread {
  messages: Message[];
  /** There are older ones on the server. */
  more: boolean;
}

const time = (message: Message) => Date.parse(message.at);

/** The thread with a message that has just been written; the same thread if it is there already. */
export function addMessage(thread: Thread, message: Message): Thread {
  if (thread.messages.some(({ id }) => id === message.id)) return thread;
  let at = thread.messages.length;
  // Two that were written in the same moment keep the order in which they came.
  while (at > 0 && time(thread.messages[at - 1] as Message) > time(message)) at--;
  return { ...thread, messages: thread.messages.toSpliced(at, 0, message) };
}

export function removeMessage(thread: Thread, id: string): Thread {
  return { ...thread, messages: thread.messages.filter((message) => message.id !== id) };
}

/** The thread with a page of older messages before it; `limit` is how many were asked for. */
export function prependPage(thread: Thread, page: Message[], limit: number): Thread {
  const known = new Set(thread.messages.map(({ id }) => id));
  return { messages: [...page.filter(({ id }) => !known.has(id)), ...thread.messages], more: page.length >= limit };
}

/**
 * The thread after its newest page was loaded anew. The page is the truth about
 * the time it covers, but for messages that arrived while it was on its way:
 * those that were not `known` when it was asked for. If it does not reach back
 * to what was loaded before, that is dropped: there would be a gap.
 */
export function mergePage(thread: Thread | undefined, known: Set<string>, page: Message[], limit: number): Thread {
  const full = page.length >= limit;
  if (!thread) return { messages: page, more: full };
  const [oldest] = page;
  const inPage = new Set(page.map(({ id }) => id));
  const overlap = thread.messages.findIndex(({ id }) => inPage.has(id));
  const older = oldest && full ? thread.messages.slice(0, Math.max(overlap, 0)).filter((m) => time(m) <= time(oldest)) : [];
  const merged: Thread = { messages: [...older, ...page], more: full && (overlap < 0 || older.length === 0 || thread.more) };
  return thread.messages.filter(({ id }) => !known.has(id)).reduce(addMessage, merged);
}

/**
 * The id of the first message that was unread when there were `unread` of them
 * and `last` was the newest; undefined if there was none, or it is not loaded.
 */
export function firstUnread(messages: Message[], from: string, unread: number, last: string | undefined): string | undefined {
  let left = unread;
  for (let i = messages.findLastIndex(({ id }) => id === last); i >= 0 && left > 0; i--) {
    const message = messages[i];
    if (message?.from === from && --left === 0) return message.id;
  }
  return undefined;
}

/** How many messages of a thread, from the first on, the other has read. */
export function readCount({ messages }: Thread, readUpTo: string | null | undefined): number {
  if (!readUpTo) return 0;
  const at = messages.findIndex(({ id }) => id === readUpTo);
  if (at >= 0) return at + 1;
  // Not loaded, or deleted. Identifiers begin with the time of writing.
  return messages.filter(({ id }) => id.slice(0, 8) < readUpTo.slice(0, 8)).length;
}
