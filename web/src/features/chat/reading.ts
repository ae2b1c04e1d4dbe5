import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Message } from "@/api/types";
import { emit, useConnection } from "@/realtime/socket";
import { withConversation } from "./conversations";
import { useAttention } from "./focus";
import { conversationsQuery } from "./conversationsQuery";
import { firstUnread } from "./thread";

/** Tells the server what has been read, while the conversation is looked at. */
export function useMarkRead(person: string, last: string | undefined, unread: number): void {
  const client = useQueryClient();
  const attention = useAttention();
  const connected = useConnection() === "connected";
  useEffect(() => {
    if (!attention || !connected || unread === 0 || !last) return;
    emit("mark_read", { userId: person, messageId: last }).then(
      (answer) =>
        client.setQueryData(conversationsQuery.queryKey, (list) => list && withConversation(list, person, { unread: answer.unread })),
      () => undefined, // it stays unread, and is tried again with the next connection
    );
  }, [client, person, last, unread, attention, connected]);
}

/**
 * The first message that was unread when the conversation was opened, or when it
 * was last looked away from; it stays marked until `forget` is called.
 */
export function useFirstUnread(person: string, messages: Message[], unread: number) {
  const attention = useAttention();
  const last = messages.at(-1)?.id;
  const [seen, setSeen] = useState({ unread, last });
  if (!attention && unread > 0 && (seen.unread !== unread || seen.last !== last)) setSeen({ unread, last });
  return {
    id: firstUnread(messages, person, seen.unread, seen.last),
    forget: () => setSeen({ unread: 0, last: undefined }),
  };
}
