import { expect, test } from "vitest";
import { pagesOf } from "./windows";

test.each([
  [0, 20, 1000, [0]],
  [190, 210, 1000, [0, 1]],
  [9990, 10_200, 10_000, [49]],
  [-5, 3, 10, [0]],
  [500, 600, 10, [0]],
  [0, 0, 0, []],
  [399, 801, 1000, [1, 2, 3, 4]],
])("rows %i to %i of %3$i are on %4$o", (first, last, total, expected) => {
  expect(pagesOf(first, last, 200, total)).toEqual(expected);
});
