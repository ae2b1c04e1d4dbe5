import { expect, it } from "vitest";
import { byDay } from "./grouping";

const m = (id: string, from: string, at: string) => ({ id, from, to: "x", content: "", at: new Date(at).toISOString() });

const messages = [
  m("1", "a", "2026-05-01T10:00:00"),
  m("2", "a", "2026-05-01T10:01:00"),
  m("3", "b", "2026-05-01T10:02:00"),
  m("4", "b", "2026-05-01T10:20:00"),
  m("5", "b", "2026-05-01T10:21:00"),
  m("6", "b", "2026-05-02T00:01:00"),
];
const shape = (unread?: string) =>
  byDay(messages, unread).map(({ rows }) =>
    rows.map((r) => `${r.unread ? "!" : ""}${r.starts ? "[" : ""}${r.message.id}${r.ends ? "]" : ""}`).join(""),
  );

it("groups by day, by sender and by pause", () => expect(shape()).toEqual(["[12][3][45]", "[6]"]));
it("begins a group at the first unread", () => expect(shape("5")).toEqual(["[12][3][4]![5]", "[6]"]));
it("keeps a day's key when older messages come before", () => {
  expect(byDay(messages.slice(1)).map(({ key }) => key)).toEqual(byDay(messages).map(({ key }) => key));
});
