import { describe, expect, it } from "vitest";
import * as rules from "./queue";
import type { Queue, Repeat } from "./queue";
import { entries, song } from "./testSongs";

const queueOf = (keys: string, index: number, order = ""): Queue => ({
  queue: entries(keys),
  index,
  shuffle: order !== "",
  order: [...order],
});
const text = (q: Queue) => q.queue.map((e) => e.key).join("");
const current = (q: Queue) => q.queue[q.index]?.key;

/** Always takes the first of those left, so that "bcd" becomes "cdb". */
const first = () => 0;

describe("entriesOf", () => {
  it("gives the same song places of its own", () => {
    const [one, two] = rules.entriesOf([song(1), song(1)]);
    expect(one?.key).not.toBe(two?.key);
  });
});

describe("begin", () => {
  it("starts at the song that was chosen", () => {
    const q = rules.begin(entries("abcd"), 2, false);
    expect([text(q), q.index, q.order]).toEqual(["abcd", 2, []]);
  });
  it("puts the chosen song first under shuffle, and remembers the order", () => {
    const q = rules.begin(entries("abcd"), 2, true, first);
    expect([current(q), q.index, q.order.join("")]).toEqual(["c", 0, "abcd"]);
    expect([...text(q)].sort().join("")).toBe("abcd");
  });
  it("starts at the first song for an index that is none", () => {
    expect(rules.begin(entries("ab"), 9, false).index).toBe(0);
    expect(rules.begin([], 0, true).index).toBe(-1);
  });
});

describe("shuffle", () => {
  it("keeps what was played and what plays, and mixes the rest", () => {
    const q = rules.shuffleOn(queueOf("abcdef", 2), first);
    expect(text(q)).toBe("abcefd");
    expect([q.index, q.shuffle, q.order.join("")]).toEqual([2, true, "abcdef"]);
  });
  it("can be undone, and what plays stays current", () => {
    const mixed = { ...rules.shuffleOn(queueOf("abcdef", 2), first), index: 3 };
    const q = rules.shuffleOff(mixed);
    expect([text(q), current(q), q.shuffle, q.order]).toEqual(["abcdef", "e", false, []]);
  });
  it("puts songs that were added meanwhile behind the one they followed", () => {
    let q = queueOf("acb", 0, "abc");
    q = rules.insert(q, entries("x"), 1);
    q = rules.insert(q, entries("y"), 4);
    expect(text(q)).toBe("axcby");
    expect(text(rules.shuffleOff(q))).toBe("axbcy");
  });
  it("forgets songs that were taken out, and knows their place when they return", () => {
    const without = rules.remove(queueOf("acb", 0, "abc"), 2);
    expect(text(rules.shuffleOff(without))).toBe("ac");
    const back = rules.insert(without, entries("ab").slice(1), 2);
    expect(text(rules.shuffleOff(back))).toBe("abc");
  });
  it("does nothing to an empty queue", () => {
    expect(rules.shuffleOff(rules.shuffleOn(queueOf("", -1)))).toMatchObject({ queue: [], index: -1 });
  });
});

describe("what comes next", () => {
  const cases: [string, number, number, Repeat, number, number, number][] = [
    // case, length, index, repeat, upcoming, following, preceding
    ["the middle", 3, 1, "off", 2, 2, 0],
    ["the end", 3, 2, "off", -1, -1, 1],
    ["the end, repeating all", 3, 2, "all", 0, 0, 1],
    ["the beginning", 3, 0, "off", 1, 1, -1],
    ["the beginning, repeating all", 3, 0, "all", 1, 1, 2],
    ["one that repeats", 3, 1, "one", 1, 2, 0],
    ["the last one that repeats", 3, 2, "one", 2, 0, 1],
    ["the only one, repeating all", 1, 0, "all", 0, 0, 0],
    ["the only one", 1, 0, "off", -1, -1, -1],
    ["nothing", 0, -1, "all", -1, -1, -1],
  ];
  it.each(cases)("%s", (_, length, index, repeat, up, after, before) => {
    expect(rules.upcoming(length, index, repeat)).toBe(up);
    expect(rules.following(length, index, repeat)).toBe(after);
    expect(rules.preceding(length, index, repeat)).toBe(before);
  });
});

describe("insert", () => {
  it.each([
    ["behind the current", 2, "abxyc", "b"],
    ["before the current", 0, "xyabc", "b"],
    ["at the current", 1, "axybc", "b"],
    ["past the end", 99, "abcxy", "b"],
  ])("%s", (_, at, want, playing) => {
    const q = rules.insert(queueOf("abc", 1), entries("xy"), at);
    expect([text(q), current(q)]).toEqual([want, playing]);
  });
  it("makes the first one current in an empty queue", () => {
    expect(rules.insert(queueOf("", -1), entries("xy"), 0).index).toBe(0);
  });
  it("leaves the queue alone for nothing", () => {
    const q = queueOf("abc", 1);
    expect(rules.insert(q, [], 1)).toBe(q);
  });
});

describe("move", () => {
  it.each([
    ["down over the current", 0, 2, "bcad", "b"],
    ["up over the current", 3, 0, "dabc", "b"],
    ["the current itself", 1, 3, "acdb", "b"],
    ["nowhere", 2, 2, "abcd", "b"],
    ["beyond the end", 2, 4, "abcd", "b"],
    ["what is not there", 7, 0, "abcd", "b"],
  ])("%s", (_, from, to, want, playing) => {
    const q = rules.move(queueOf("abcd", 1), from, to);
    expect([text(q), current(q)]).toEqual([want, playing]);
  });
});

describe("remove", () => {
  it.each([
    ["before the current", "abc", 1, 0, "bc", "b"],
    ["behind the current", "abc", 1, 2, "ab", "b"],
    ["the current: the next follows", "abc", 1, 1, "ac", "c"],
    ["the current at the end: the one before", "abc", 2, 2, "ab", "b"],
    ["the only one", "a", 0, 0, "", undefined],
    ["what is not there", "ab", 0, 5, "ab", "a"],
  ])("%s", (_, keys, index, at, want, playing) => {
    const q = rules.remove(queueOf(keys, index), at);
    expect([text(q), current(q)]).toEqual([want, playing]);
  });
  it("leaves index -1 for an empty queue", () => {
    expect(rules.remove(queueOf("a", 0), 0).index).toBe(-1);
  });
});

describe("clear", () => {
  it("keeps what plays", () => {
    const q = rules.clear(queueOf("abc", 1));
    expect([text(q), q.index]).toEqual(["b", 0]);
  });
  it("can be undone", () => {
    const before = queueOf("abc", 1);
    const after = rules.unclear(rules.clear(before), before);
    expect([text(after), current(after)]).toEqual(["abc", "b"]);
  });
  it("keeps what was added before it was undone", () => {
    const before = queueOf("abc", 1);
    const since = { ...rules.insert(rules.clear(before), entries("x"), 1), index: 1 };
    const after = rules.unclear(since, before);
    expect([text(after), current(after)]).toEqual(["abcx", "x"]);
  });
});
