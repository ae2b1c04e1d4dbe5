import { describe, expect, it } from "vitest";
import type { Conversation } from "@/api/types";
import { withConversation, withMessage } from "./conversations";

const m = (id: string, from: string, to: string, minute: number) => ({ id, from, to, content: id, at: `2026-05-01T10:${minute}:00Z` });
const conversation = (id: string, minute: number, unread = 0): Conversation => ({
  person: { id, name: id, image: null },
  last: m(`old-${id}`, id, "me", minute),
  unread,
  readUpTo: null,
});
const list = { items: [conversation("a", 20), conversation("b", 10, 1)], total: 2 };

describe("withMessage", () => {
  it("moves the conversation up and counts what is unread", () => {
    const next = withMessage(list, m("new", "b", "me", 30), "me");
    expect(next?.items.map((c) => [c.person.id, c.last?.id, c.unread])).toEqual([["b", "new", 2], ["a", "old-a", 0]]);
  });
  it("does not count my own", () => expect(withMessage(list, m("new", "me", "b", 30), "me")?.items[0]?.unread).toBe(1));
  it("counts nothing twice", () => expect(withMessage(list, m("old-b", "b", "me", 10), "me")).toBe(list));
  it("ignores what is older than the last", () => expect(withMessage(list, m("late", "a", "me", 11), "me")).toBe(list));
  it("does not know strangers", () => expect(withMessage(list, m("new", "c", "me", 30), "me")).toBeUndefined());
});

it("withConversation changes one", () => {
  expect(withConversation(list, "b", { unread: 0 }).items.map((c) => c.unread)).toEqual([0, 0]);
});
