import { expect, it } from "vitest";
import { ApiError } from "@/api/client";
import { stepOf } from "./step";

const refused = (details: Record<string, unknown>, kind = "unauthenticated") => new ApiError(401, kind, "No", [], details);

it.each([
  ["a wrong password", refused({}), undefined],
  ["an app", refused({ challenge: "c", totp: true, passkey: false }), { challenge: "c", totp: true, passkey: false }],
  ["a passkey", refused({ challenge: "c", passkey: true }), { challenge: "c", totp: false, passkey: true }],
  ["another error", refused({ challenge: "c" }, "conflict"), undefined],
  ["no answer", new TypeError("offline"), undefined],
])("sees what %s asks for", (_, error, step) => expect(stepOf(error)).toEqual(step));
