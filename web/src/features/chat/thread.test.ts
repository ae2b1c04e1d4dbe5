import { describe, expect, it } from "vitest";
import type { Message } from "@/api/types";
import { addMessage, firstUnread, mergePage, prependPage, readCount, removeMessage, type Thread } from "./thread";

/** Message n, written in second n; those with even numbers are mine. */
const m = (n: number, from = n % 2 === 0 ? "me" : "you"): Message => ({
  id: `${n.toString(16).padStart(8, "0")}aaaaaaaaaaaaaaaa`,
  from,
  to: from === "me" ? "you" : "me",
  content: `message ${n}`,
  at: new Date(n * 1000).toISOString(),
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => m(from + i));
const thread = (messages: Message[], more = false): Thread => ({ messages, more });
const numbers = (t: Thread) => t.messages.map(({ id }) => parseInt(id.slice(0, 8), 16));
const known = (t: Thread) => new Set(t.messages.map(({ id }) => id));

describe("addMessage", () => {
  it("appends", () => expect(numbers(addMessage(thread(range(1, 2)), m(3)))).toEqual([1, 2, 3]));
  it("shows nothing twice", () => {
    const t = thread(range(1, 3));
    expect(addMessage(t, m(2))).toBe(t);
  });
  it("puts a late one where it belongs", () => expect(numbers(addMessage(thread([m(1), m(3)]), m(2)))).toEqual([1, 2, 3]));
  it("keeps the order of the same moment", () => {
    const same = { ...m(9), at: m(3).at };
    expect(numbers(addMessage(thread(range(1, 3)), same))).toEqual([1, 2, 3, 9]);
  });
});

it("removeMessage removes", () => expect(numbers(removeMessage(thread(range(1, 3)), m(2).id))).toEqual([1, 3]));

describe("prependPage", () => {
  it("puts older ones before, none twice", () => {
    const t = prependPage(thread(range(4, 6), true), range(2, 4), 3);
    expect(numbers(t)).toEqual([2, 3, 4, 5, 6]);
    expect(t.more).toBe(true);
  });
  it("knows the beginning", () => expect(prependPage(thread([m(4)], true), [m(3)], 3).more).toBe(false));
});

describe("mergePage", () => {
  it("begins with the page", () => expect(mergePage(undefined, new Set(), range(1, 3), 3)).toEqual(thread(range(1, 3), true)));
  it("adds what was missed", () => {
    const t = thread(range(1, 4), true);
    expect(mergePage(t, known(t), range(3, 6), 4)).toEqual(thread(range(1, 6), true));
  });
  it("keeps that the beginning is loaded", () => {
    const t = thread(range(1, 4));
    expect(mergePage(t, known(t), range(3, 6), 4).more).toBe(false);
  });
  it("drops what would leave a gap", () => {
    const t = thread(range(1, 4));
    expect(mergePage(t, known(t), range(8, 10), 3)).toEqual(thread(range(8, 10), true));
  });
  it("loses what was deleted meanwhile", () => {
    const t = thread(range(1, 6));
    expect(numbers(mergePage(t, known(t), [m(3), m(5)], 4))).toEqual([3, 5]);
    expect(numbers(mergePage(t, known(t), [m(3), m(5), m(6)], 3))).toEqual([1, 2, 3, 5, 6]);
  });
  it("keeps what arrived while the page was on its way", () => {
    const t = thread(range(1, 5));
    expect(numbers(mergePage(t, known(thread(range(1, 4))), range(1, 4), 50))).toEqual([1, 2, 3, 4, 5]);
  });
  it("is not confused by a deletion at the page's beginning", () => {
    const t = thread(range(4, 6));
    expect(numbers(mergePage(t, known(t), [m(3), m(5), m(6)], 3))).toEqual([3, 5, 6]);
  });
  it("empties what was emptied", () => {
    const t = thread(range(1, 2));
    expect(mergePage(t, known(t), [], 50)).toEqual(thread([]));
  });
});

describe("firstUnread", () => {
  const messages = range(1, 8);
  it.each([
    ["nothing unread", 0, 7, undefined],
    ["the newest of the other", 1, 7, 7],
    ["several, skipping mine", 3, 8, 3],
    ["not what came later", 1, 6, 5],
    ["more than are loaded", 9, 8, undefined],
    ["after one that is not loaded", 1, 99, undefined],
  ])("%s", (_, unread, last, want) => {
    expect(firstUnread(messages, "you", unread, m(last).id)).toBe(want === undefined ? undefined : m(want).id);
  });
});

describe("readCount", () => {
  const t = thread(range(3, 6), true);
  it.each([
    ["nothing", null, 0],
    ["one of them", m(4).id, 2],
    ["one before", m(1).id, 0],
    ["one after", m(9).id, 4],
  ])("%s", (_, id, want) => expect(readCount(t, id)).toBe(want));
});
