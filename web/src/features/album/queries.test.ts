import { expect, test } from "vitest";
import { nextOffset } from "./queries";

const page = (length: number, total: number) => ({ items: Array.from({ length }, (_, i) => i), total });

test.each([
  ["the first of two", [page(60, 100)], 60],
  ["the last", [page(60, 100), page(40, 100)], undefined],
  ["nothing", [page(0, 0)], undefined],
  ["a list that shrank meanwhile", [page(60, 100), page(0, 100)], undefined],
])("after %s", (_, pages, expected) => {
  const last = pages.at(-1);
  expect(last && nextOffset(last, pages)).toBe(expected);
});
