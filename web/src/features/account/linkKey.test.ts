import { expect, it } from "vitest";
import { linkParams, onlyParams } from "./linkKey";

it.each([
  ["?key=abc&uid=7", { key: "abc", uid: "7" }],
  ["?key=a%2Bb", { key: "a+b", uid: "" }],
  ["", { key: "", uid: "" }],
])("reads %j", (search, params) => expect(linkParams(search, ["key", "uid"])).toEqual(params));

it.each([
  ["?error=expired&next=%2Fchat%3Fa%3D1", "?next=%2Fchat%3Fa%3D1"],
  ["?error=expired", ""],
  ["", ""],
])("keeps of %j only %j", (search, left) => expect(onlyParams(search, ["next"])).toBe(left));
