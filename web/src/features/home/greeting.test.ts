import { expect, test } from "vitest";
import { firstName, timeOfDay } from "./greeting";

test.each([
  [0, "night"],
  [4, "night"],
  [5, "morning"],
  [11, "morning"],
  [12, "afternoon"],
  [17, "afternoon"],
  [18, "evening"],
  [23, "evening"],
])("%i o'clock is %s", (hour, expected) => {
  expect(timeOfDay(hour)).toBe(expected);
});

test.each([
  ["Mira Solberg", "Mira"],
  ["  Jonas ", "Jonas"],
  ["", ""],
])("%j is called %j", (name, expected) => {
  expect(firstName(name)).toBe(expected);
});
