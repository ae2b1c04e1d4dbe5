import { expect, test } from "vitest";
import { lengthText } from "./length";

test.each([
  [[], "1 min"],
  [[20], "1 min"],
  [[100, 100, 100], "5 min"],
  [[3600], "1 hr"],
  [[3600, 3590], "2 hr"],
  [[3600, 300], "1 hr 5 min"],
])("songs of %j seconds play %s", (durations, expected) => {
  expect(lengthText(durations.map((duration) => ({ duration })))).toBe(expected);
});
