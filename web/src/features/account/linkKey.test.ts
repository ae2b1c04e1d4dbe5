import { expect, it } from "vitest";
import { linkParams } from "./linkKey";

it.each([
  ["?key=abc&uid=7", { key: "abc", uid: "7" }],
  ["?key=a%2Bb", { key: "a+b", uid: "" }],
  ["", { key: "", uid: "" }],
])("reads %j", (search, params) => expect(linkParams(search, ["key", "uid"])).toEqual(params));
