import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Message } from "@/api/types";
import { on, whenConnected } from "@/realtime/socket";
import { toMessage } from "@/realtime/wire";
import { withConversation, withMessage } from "./conversations";
import { conversationsQuery } from "./conversationsQuery";
import { setThread } from "./queries";
import { echoed, startSending } from "./sending";
import { addMessage } from "./thread";
import { hasWritten, startTyping } from "./typing";

/** Keeps what is loaded of the conversations as the server has it, until the returned function is called. */
export function startChat(client: QueryClient, me: string): () => void {
  const reload = () => void client.invalidateQueries(conversationsQuery);
  const change = (person: string, by: Partial<Conversation>) =>
    client.setQueryData(conversationsQuery.queryKey, (list) => list && withConversation(list, person, by));
  /** I have read, here or on another device. */
  const readHere = (person: string, messageId: string) => {
    const list = client.getQueryData(conversationsQuery.queryKey);
    if (list?.items.find((c) => c.person.id === person)?.last?.id === messageId) change(person, { unread: 0 });
    else reload();
  };
  const written = (message: Message) => {
    const other = message.from === me ? message.to : message.from;
    setThread(client, other, (thread) => addMessage(thread, message));
    const list = client.getQueryData(conversationsQuery.queryKey);
    if (!list) return;
    const next = withMessage(list, message, me);
    if (next) client.setQueryData(conversationsQuery.queryKey, next);
    else reload();
  };
  let before = false;
  const stops = [
    on("receive_message", (wire) => {
      hasWritten(wire.senderId);
      written(toMessage(wire));
    }),
    on("message_sent", (wire) => {
      echoed(toMessage(wire));
      written(toMessage(wire));
    }),
    on("messages_read", ({ readerId, userId, messageId }) => {
      if (readerId === me) return readHere(userId, messageId);
      if (userId === me) change(readerId, { readUpTo: messageId });
    }),
    // What happened while there was no connection.
    whenConnected(() => {
      if (before) void client.invalidateQueries({ queryKey: ["chat"] });
      before = true;
    }),
    startTyping(),
    startSending(client, me, written),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
