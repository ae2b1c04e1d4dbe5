import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { Message } from "@/api/types";
import { emit, isConnected, whenConnected } from "@/realtime/socket";
import { toMessage } from "@/realtime/wire";
import { createOutbox, type Outbox, type Pending } from "./outbox";
import { newestKnown, newestMessages } from "./queries";

const usePendingItems = create<{ items: Pending[] }>(() => ({ items: [] }));
let outbox: Outbox | undefined;
/** What was written before there was an outbox, which begins a moment after the page. */
let early: Pending[] = [];

/** All messages that the server does not have yet, in the order written. */
export const usePending = (): Pending[] => usePendingItems((s) => s.items);

/** Writes to somebody; it is kept until the server has it. */
export function sendMessage(to: string, content: string): void {
  const written: Pending = {
    key: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
    to,
    content,
    at: new Date().toISOString(),
    tried: false,
    state: "waiting",
  };
  if (outbox) return void outbox.add(written);
  early = [...early, written];
  usePendingItems.setState({ items: early });
}

export const retryMessage = (key: string): void => void outbox?.retry(key);
export const discardMessage = (key: string): void => outbox?.discard(key);
export const echoed = (message: Message): void => outbox?.echoed(message);

/** One tab sends at a time; where the browser cannot tell (plain http), the one that is looked at. */
async function exclusively(name: string, run: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  await (locks ? locks.request(name, run) : run());
}

/** Sends what waits for the account whenever there is a connection, until the returned function is called. */
export function startSending(client: QueryClient, me: string, delivered: (message: Message) => void): () => void {
  const storageKey = `antiphon.outbox.${me}`;
  const own = createOutbox({
    storage: localStorage,
    storageKey,
    send: async (to, content) => toMessage((await emit("send_message", { receiverId: to, content })).message),
    history: (person) => newestMessages(client, person),
    newest: (person) => newestKnown(client, person),
    delivered,
    changed: (items) => usePendingItems.setState({ items }),
    exclusively: (run) => exclusively(storageKey, run),
  });
  outbox = own;
  for (const written of early) void own.add(written);
  early = [];
  const flush = () => {
    const mayCollide = !("locks" in navigator) && document.hidden;
    if (isConnected() && !mayCollide) void own.flush();
  };
  const follow = (event: StorageEvent) => event.key === storageKey && own.reload();
  const stopConnection = whenConnected(flush);
  addEventListener("storage", follow);
  document.addEventListener("visibilitychange", flush);
  return () => {
    stopConnection();
    removeEventListener("storage", follow);
    document.removeEventListener("visibilitychange", flush);
    if (outbox === own) outbox = undefined;
    usePendingItems.setState({ items: [] });
  };
}
