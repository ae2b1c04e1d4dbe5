import { expect, it } from "vitest";
import { startAddress } from "./options";

const start = "/web/api/oidc/company/start";

it.each([
  ["/", start],
  ["/settings", `${start}?return=%2Fsettings`],
  ["/search?q=a&b=1#x", `${start}?return=%2Fsearch%3Fq%3Da%26b%3D1%23x`],
])("leads back to %j", (next, address) => expect(startAddress(start, next)).toBe(address));
