import { beforeEach, describe, expect, it } from "vitest";
import { keep, keepTime, type Kept, restore, restoreTime } from "./persist";
import { entries, song } from "./testSongs";

const state: Kept = {
  queue: entries("abc"),
  index: 1,
  shuffle: true,
  order: ["c", "b", "a"],
  later: [song(9)],
  volume: 0.4,
  muted: true,
  repeat: "one",
};

beforeEach(() => localStorage.clear());

describe("keeping the player", () => {
  it("restores what was kept", () => {
    keep(state);
    expect(restore()).toEqual(state);
  });
  it("keeps the stretch of a huge queue around the current song", () => {
    const queue = Array.from({ length: 5000 }, (_, i) => ({ key: String(i), song: song(i) }));
    keep({ ...state, queue, index: 3000 });
    const { queue: kept = [], index = -1 } = restore();
    expect(kept).toHaveLength(1000);
    expect(kept[index]?.key).toBe("3000");
  });
  it.each([
    ["nothing", undefined],
    ["no JSON", "{"],
    ["a number", "7"],
    ["null", "null"],
    ["a list", "[]"],
    ["other types", '{"queue":7,"index":"x","later":{},"order":3,"volume":"loud","repeat":"often"}'],
    ["broken entries", '{"queue":[null,{"key":"a"},{"key":"b","song":{"id":"1"}}],"index":4,"volume":9}'],
  ])("survives %s", (_, stored) => {
    if (stored !== undefined) localStorage.setItem("antiphon.player", stored);
    const { queue = [], index = -1, volume = 1, repeat = "off" } = restore();
    expect({ queue, index, volume, repeat }).toEqual({ queue: [], index: -1, volume: 1, repeat: "off" });
  });
});

describe("keeping the time", () => {
  it("belongs to one entry", () => {
    keepTime("a", 65);
    expect([restoreTime("a"), restoreTime("b"), restoreTime(undefined)]).toEqual([65, 0, 0]);
  });
  it.each(["{", "null", '{"key":"a","time":"x"}', '{"key":"a","time":-3}'])("survives %s", (stored) => {
    localStorage.setItem("antiphon.player.time", stored);
    expect(restoreTime("a")).toBe(0);
  });
});
