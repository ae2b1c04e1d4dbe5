import { describe, expect, it } from "vitest";
import { linkFailure, signInFailure } from "./failure";

describe("signInFailure", () => {
  it.each([
    ["", undefined],
    ["unavailable", "outside.failed.unavailable"],
    ["expired", "outside.failed.expired"],
    ["declined", "outside.failed.declined"],
    ["email_taken", "outside.failed.emailTaken"],
    ["inactive", "outside.failed.inactive"],
    ["registration_closed", "outside.failed.closed"],
    ["invitation_needed", "outside.failed.uninvited"],
    ["email_domain", "outside.failed.domain"],
    ["failed", "outside.failed.other"],
    ["constructor", "outside.failed.other"],
  ])("of %j is %s", (code, key) => expect(signInFailure(code)).toBe(key));
});

describe("linkFailure", () => {
  it.each([
    ["", undefined],
    ["email_taken", "outside.failed.linkTaken"],
    ["unavailable", "outside.failed.unavailable"],
    ["failed", "outside.failed.other"],
  ])("of %j is %s", (code, key) => expect(linkFailure(code)).toBe(key));
});
