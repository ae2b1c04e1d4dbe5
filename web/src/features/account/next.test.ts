import { describe, expect, it } from "vitest";
import { comingBack, ownPath } from "./next";

describe("ownPath", () => {
  it.each([
    [null, "/"],
    ["", "/"],
    ["/chat/user_1?x=1#y", "/chat/user_1?x=1#y"],
    ["//evil.example/chat", "/"],
    ["/\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["chat", "/"],
    ["/sign-in?next=/chat", "/"],
    ["/a/../settings", "/settings"],
  ])("%j leads to %j", (next, path) => expect(ownPath(next, "https://music.example")).toBe(path));
});

it("comingBack leaves home out", () => {
  expect(comingBack("/sign-in", "/")).toBe("/sign-in");
  expect(comingBack("/register", "/chat?a=1")).toBe("/register?next=%2Fchat%3Fa%3D1");
});
