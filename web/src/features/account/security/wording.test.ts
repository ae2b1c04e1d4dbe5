import { expect, it } from "vitest";
import { codesFile, grouped, typedCode } from "./wording";

it.each([
  ["", ""],
  ["JBSW", "JBSW"],
  ["JBSWY3DPEH", "JBSW Y3DP EH"],
])("groups %s", (secret, groups) => expect(grouped(secret)).toBe(groups));

it.each([
  ["492039", "492039"],
  [" 492 039 ", "492039"],
  ["hq3w-9xkd-27fn-m4tr ", "hq3w-9xkd-27fn-m4tr"],
  ["", ""],
])("takes %j as %j", (typed, code) => expect(typedCode(typed)).toBe(code));

it("writes a file of codes", () => {
  expect(codesFile(["For example.org"], ["aaaa-bbbb", "cccc-dddd"])).toBe("For example.org\r\n\r\naaaa-bbbb\r\ncccc-dddd\r\n");
});
