import { expect, test } from "vitest";
import { nextOrder } from "./listState";

test("a click on a column sorts by it, another turns it round", () => {
  expect(nextOrder("-created_at", "title")).toBe("title");
  expect(nextOrder("title", "title")).toBe("-title");
  expect(nextOrder("-title", "title")).toBe("title");
});
