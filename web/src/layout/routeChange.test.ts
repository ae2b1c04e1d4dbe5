import { expect, test } from "vitest";
import { isNewView } from "./routeChange";

test.each([
  ["/albums", "/albums", false],
  ["/album/1", "/album/2", true],
  ["/", "/albums", true],
  ["/chat", "/chat/user_1", false],
  ["/chat/user_1", "/chat/user_2", false],
  ["/settings/profile", "/settings/privacy", false],
  ["/settings", "/chat", true],
  ["/chat/user_1", "/", true],
  ["/chats", "/chat", true],
])("from %s to %s is a new view: %s", (from, to, expected) => {
  expect(isNewView(from, to)).toBe(expected);
});
