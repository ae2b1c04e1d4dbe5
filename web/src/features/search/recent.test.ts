import { expect, test } from "vitest";
import { parse, withSearch } from "./recent";

test.each([
  [null, []],
  ["", []],
  ["{", []],
  ['{"a":1}', []],
  ['["a",1,null,"b"]', ["a", "b"]],
])("%j is read as %j", (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  [["a"], "b", ["b", "a"]],
  [["a", "b"], "B ", ["B", "a"]],
  [["a"], "  ", ["a"]],
  [["1", "2", "3", "4", "5", "6", "7", "8"], "9", ["9", "1", "2", "3", "4", "5", "6", "7"]],
])("%j with %j is %j", (list, search, expected) => {
  expect(withSearch(list, search)).toEqual(expected);
});
