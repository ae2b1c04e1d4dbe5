import type { Message } from "@/api/types";
import { NotConnected } from "@/realtime/socket";

/** A message that the server has not acknowledged. */
export interface Pending {
  key: string;
  to: string;
  content: string;
  /** When it was written, by this device's clock; RFC 3339. */
  at: string;
  /** The newest message of the conversation when it was first sent; undefined if that was not known. */
  after?: string;
  /** It has been sent at least once, so it may have arrived. */
  tried: boolean;
  /** "waiting" goes out by itself when the connection is back, "refused" only by hand. */
  state: "waiting" | "sending" | "refused";
  /** Why it was refused, in the server's words. */
  reason?: string;
}

export interface OutboxParts {
  /** Where it is kept; what was stored there is taken up. */
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  storageKey: string;
  /** Sends and returns the stored message. Throws NotConnected if nobody knows, anything else if it was refused. */
  send: (to: string, content: string) => Promise<Message>;
  /** The newest messages of a conversation, oldest first. */
  history: (person: string) => Promise<Message[]>;
  /** The newest message of a conversation that is known here. */
  newest: (person: string) => string | undefined;
  /** Called with what has arrived, in the turn in which it leaves the outbox. */
  delivered: (message: Message) => void;
  changed: (items: Pending[]) => void;
  /** Runs one sender at a time, across tabs. */
  exclusively?: (run: () => Promise<void>) => Promise<void>;
}

/** How far the clocks of device and server may differ, in milliseconds. */
const skew = 2 * 60_000;

/**
 * The message of the history that a pending one has become, if its
 * acknowledgement was lost: the first with the same content after what was the
 * newest when it was first sent.
 */
export function arrived(item: Pending, history: Message[]): Message | undefined {
  const after = item.after === undefined ? -1 : history.findIndex(({ id }) => id === item.after);
  const earliest = Date.parse(item.at) - skew;
  return history
    .slice(after + 1)
    .find((m) => m.to === item.to && m.content === item.content && (after >= 0 || Date.parse(m.at) >= earliest));
}

function isPending(value: unknown): value is Pending {
  const item = value as Pending | null;
  return typeof item === "object" && [item?.key, item?.to, item?.content, item?.at].every((v) => typeof v === "string");
}

/** Reads what is stored; what was on its way when the page was left waits again. */
export function readStored(text: string | null): Pending[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.filter(isPending).map((item) => (item.state === "refused" ? item : { ...item, tried: Boolean(item.tried), state: "waiting" }));
}

export type Outbox = ReturnType<typeof createOutbox>;

/** Keeps messages until the server has them, and sends them one after the other. */
export function createOutbox(parts: OutboxParts) {
  const { storage, storageKey, send, history, newest, delivered, changed, exclusively = (run) => run() } = parts;
  let items = readStored(storage.getItem(storageKey));
  let running = false;
  let kept = true;
  changed(items);

  function save(next: Pending[]): void {
    items = next;
    try {
      if (items.length > 0) storage.setItem(storageKey, JSON.stringify(items));
      else storage.removeItem(storageKey);
      kept = true;
    } catch {
      // A full storage must not stop the message; it is then lost with the page.
      kept = false;
    }
    changed(items);
  }
  const find = (key: string) => items.find((item) => item.key === key);
  const update = (key: string, change: Partial<Pending>) => save(items.map((item) => (item.key === key ? { ...item, ...change } : item)));

  /** Takes over what another tab has stored. */
  function reload(): void {
    if (!kept) return;
    const sending = new Set(items.filter(({ state }) => state === "sending").map(({ key }) => key));
    items = readStored(storage.getItem(storageKey)).map((item) => (sending.has(item.key) ? { ...item, state: "sending" } : item));
    changed(items);
  }
  const discard = (key: string) => save(items.filter((item) => item.key !== key));

  function settle(key: string, message: Message): void {
    discard(key);
    delivered(message);
  }

  /** Sends one; reports whether the next may follow. */
  async function attempt(item: Pending): Promise<boolean> {
    if (item.tried) {
      let found: Message | undefined;
      try {
        found = arrived(item, await history(item.to));
      } catch {
        return false;
      }
      if (found) {
        settle(item.key, found);
        return true;
      }
    }
    const after = item.tried ? item.after : newest(item.to);
    update(item.key, { state: "sending", tried: true, after, reason: undefined });
    try {
      settle(item.key, await send(item.to, item.content));
    } catch (error) {
      if (error instanceof NotConnected) {
        update(item.key, { state: "waiting" });
        return false;
      }
      update(item.key, { state: "refused", tried: false, reason: error instanceof Error ? error.message : undefined });
    }
    return true;
  }

  /** Sends all that wait, in the order written. */
  async function flush(): Promise<void> {
    if (running) return;
    running = true;
    try {
      await exclusively(async () => {
        reload(); // another tab may have sent them meanwhile
        for (let item = items.find(waits); item; item = items.find(waits)) {
          if (!(await attempt(item))) break;
        }
      });
    } finally {
      running = false;
    }
  }
  const waits = (item: Pending) => item.state === "waiting";

  return {
    flush,
    discard,
    /** Puts a message in, and sends it when its turn comes. */
    add(message: Pick<Pending, "key" | "to" | "content" | "at">): Promise<void> {
      save([...items, { ...message, tried: false, state: "waiting" }]);
      return flush();
    },
    retry(key: string): Promise<void> {
      if (find(key)?.state === "refused") update(key, { state: "waiting", reason: undefined });
      return flush();
    },
    /** Takes out the one whose stored message came by another way than its acknowledgement. */
    echoed(message: Message): void {
      const item = items.find((i) => i.state === "sending" && i.to === message.to && i.content === message.content);
      if (item) discard(item.key);
    },
    reload,
  };
}
