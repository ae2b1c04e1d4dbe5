import { describe, expect, it } from "vitest";
import { hear, type Hearing } from "./plays";

/** Runs the clock through times of a song of a length, and says when it counted. */
function counted(times: number[], duration: number, key = "a"): number[] {
  let last: Hearing | undefined;
  const at: number[] = [];
  for (const time of times) {
    const now = hear(last, key, time, duration);
    if (now.counted && !last?.counted) at.push(time);
    last = now;
  }
  return at;
}

const seconds = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("hear", () => {
  it.each([
    ["a long song counts after 30 seconds", seconds(0, 60), 200, [30]],
    ["a short song counts after half of it", seconds(0, 20), 20, [10]],
    ["a jump is not listening", [...seconds(0, 5), ...seconds(150, 160)], 200, []],
    ["both sides of a jump are", [...seconds(0, 20), ...seconds(150, 165)], 200, [160]],
    ["a song that is repeated counts again", [...seconds(0, 40), ...seconds(0, 40)], 40, [20, 20]],
    ["going back before it counted loses nothing", [...seconds(0, 20), ...seconds(0, 20)], 200, [10]],
    ["an unknown length asks for 30 seconds", seconds(0, 40), 0, [30]],
  ])("%s", (_, times, duration, want) => {
    expect(counted(times, duration)).toEqual(want);
  });
  it("begins anew with another entry", () => {
    const first = hear({ key: "a", at: 50, heard: 50, counted: true }, "b", 0, 200);
    expect(first).toEqual({ key: "b", at: 0, heard: 0, counted: false });
  });
});
