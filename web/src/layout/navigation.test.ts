import { expect, test } from "vitest";
import { isWithin } from "./navigation";

test.each([
  ["/", { to: "/" }, true],
  ["/songs", { to: "/" }, false],
  ["/songs", { to: "/songs" }, true],
  ["/album/7", { to: "/albums", within: ["/album"] }, true],
  ["/albums", { to: "/album" }, false],
  ["/chat/user_1", { to: "/chat" }, true],
])("%s within %o: %s", (path, place, expected) => {
  expect(isWithin(path, place)).toBe(expected);
});
