import { describe, expect, it, vi } from "vitest";
import type { Message } from "@/api/types";
import { NotConnected, Refused } from "@/realtime/socket";
import { arrived, createOutbox, type OutboxParts, type Pending, readStored } from "./outbox";

let serial = 0;
const message = (content: string, second = ++serial, to = "you"): Message => ({
  id: `id-${second}-${content}`,
  from: "me",
  to,
  content,
  at: new Date(1_000_000 + second * 1000).toISOString(),
});
const written = (key: string, content = key, second = 0) => ({
  key,
  to: "you",
  content,
  at: new Date(1_000_000 + second * 1000).toISOString(),
});
const pending = (content: string, more: Partial<Pending> = {}): Pending => ({
  ...written(content),
  tried: true,
  state: "waiting",
  ...more,
});

/** An outbox over a storage, with a server that answers as told. */
function build(send: OutboxParts["send"], history: Message[] = [], stored?: Pending[]) {
  const kept = new Map<string, string>();
  if (stored) kept.set("box", JSON.stringify(stored));
  const delivered: Message[] = [];
  let items: Pending[] = [];
  const outbox = createOutbox({
    storage: { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v), removeItem: (k) => void kept.delete(k) },
    storageKey: "box",
    send,
    history: async () => history,
    newest: () => history.at(-1)?.id,
    delivered: (m) => delivered.push(m),
    changed: (next) => (items = next),
  });
  return { outbox, delivered, kept, items: () => items, states: () => items.map((i) => `${i.key} ${i.state}`) };
}

describe("sending", () => {
  it("delivers in order and forgets", async () => {
    const { outbox, delivered, kept } = build(async (_, content) => message(content));
    await Promise.all([outbox.add(written("a")), outbox.add(written("b"))]);
    expect(delivered.map((m) => m.content)).toEqual(["a", "b"]);
    expect(kept.size).toBe(0);
  });

  it("stores before it sends", async () => {
    const seen: string[] = [];
    const box = build(async (_, content) => {
      seen.push(box.kept.get("box") ?? "");
      return message(content);
    });
    await box.outbox.add(written("a"));
    expect(readStored(seen[0] ?? null)).toMatchObject([{ content: "a", tried: true }]);
  });

  it("waits without a connection, and sends when it is back", async () => {
    let connected = false;
    const { outbox, delivered, states } = build(async (_, content) => {
      if (!connected) throw new NotConnected();
      return message(content);
    });
    await outbox.add(written("a"));
    await outbox.add(written("b"));
    expect(states()).toEqual(["a waiting", "b waiting"]);
    connected = true;
    await outbox.flush();
    expect(delivered.map((m) => m.content)).toEqual(["a", "b"]);
  });

  it("does not let a refused one stop the next, and retries it by hand alone", async () => {
    let refuse = true;
    const { outbox, delivered, states, items } = build(async (_, content) => {
      if (content === "a" && refuse) throw new Refused("Message validation failed");
      return message(content);
    });
    await outbox.add(written("a"));
    await outbox.add(written("b"));
    expect(states()).toEqual(["a refused"]);
    expect(items()[0]?.reason).toBe("Message validation failed");
    refuse = false;
    await outbox.flush();
    expect(states()).toEqual(["a refused"]);
    await outbox.retry("a");
    expect(delivered.map((m) => m.content)).toEqual(["b", "a"]);
  });

  it("discards", async () => {
    const { outbox, kept } = build(() => Promise.reject(new NotConnected()));
    await outbox.add(written("a"));
    outbox.discard("a");
    expect(kept.size).toBe(0);
  });

  it("leaves by its echo, once", async () => {
    const stored = message("a");
    const box = build(async () => {
      box.outbox.echoed(stored);
      expect(box.items()).toEqual([]);
      return stored;
    });
    await box.outbox.add(written("a"));
    expect(box.delivered).toEqual([stored]);
  });
});

describe("a lost acknowledgement", () => {
  it("is made up for by the history", async () => {
    const send = vi.fn<OutboxParts["send"]>(() => Promise.reject(new NotConnected()));
    const history: Message[] = [];
    const { outbox, delivered, items } = build(send, history);
    await outbox.add(written("a"));
    const stored = message("a");
    history.push(stored);
    await outbox.flush();
    expect(send).toHaveBeenCalledTimes(1);
    expect(delivered).toEqual([stored]);
    expect(items()).toEqual([]);
  });

  it("of a page that was left is looked for as well", async () => {
    const stored = message("a");
    const send = vi.fn<OutboxParts["send"]>(async (_, content) => message(content));
    const { outbox, delivered } = build(send, [stored], [pending("a", { state: "sending" })]);
    await outbox.flush();
    expect(send).not.toHaveBeenCalled();
    expect(delivered).toEqual([stored]);
  });

  it("is not made up for by the same words that were sent before", async () => {
    const history: Message[] = [];
    let lose = false;
    const { outbox, states } = build(async (_, content) => {
      if (lose) throw new NotConnected();
      const stored = message(content);
      history.push(stored);
      lose = true;
      return stored;
    }, history);
    await Promise.all([outbox.add(written("1", "ok")), outbox.add(written("2", "ok"))]);
    await outbox.flush();
    expect(states()).toEqual(["2 waiting"]);
  });

  it("is sent again if it is not there", async () => {
    const send = vi.fn<OutboxParts["send"]>(async (_, content) => message(content));
    const { outbox } = build(send, [message("something else")], [pending("a")]);
    await outbox.flush();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("keeps waiting if the history cannot be had", async () => {
    const send = vi.fn<OutboxParts["send"]>();
    const kept = JSON.stringify([pending("a")]);
    let items: Pending[] = [];
    const outbox = createOutbox({
      storage: { getItem: () => kept, setItem: () => undefined, removeItem: () => undefined },
      storageKey: "box",
      send,
      history: () => Promise.reject(new Error("offline")),
      newest: () => undefined,
      delivered: () => undefined,
      changed: (next) => (items = next),
    });
    await outbox.flush();
    expect(send).not.toHaveBeenCalled();
    expect(items).toMatchObject([{ state: "waiting" }]);
  });
});

describe("arrived", () => {
  const [before, same, other] = [message("ok", 1), message("ok", 2), message("ok", 3, "another")];
  it.each([
    ["after the newest then", pending("ok", { after: before.id }), [before, same], same],
    ["not that newest itself", pending("ok", { after: before.id }), [before], undefined],
    ["not to somebody else", pending("ok", { after: before.id }), [before, other], undefined],
    ["nor one of long ago", pending("ok", { at: new Date(1_000_000 + 900_000).toISOString() }), [before, same], undefined],
    ["all of a page that begins later", pending("ok", { after: "gone" }), [same], same],
    ["by time where nothing was known", pending("ok"), [before], before],
  ])("finds %s", (_, item, history, want) => expect(arrived(item, history)).toBe(want));
});

it.each([null, "", "null", "{", "{}", "[1, null, {}]"])("readStored(%j) is nothing", (text) => expect(readStored(text)).toEqual([]));
