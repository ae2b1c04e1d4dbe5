import { describe, expect, it } from "vitest";
import { asJSON, creationOptions, fromBase64URL, isName, passkeyProblem, requestOptions, toBase64URL } from "./webauthn";

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
const list = (buffer: BufferSource | undefined) => [...new Uint8Array(buffer as ArrayBuffer)];

describe("base64url", () => {
  it.each([
    ["", []],
    ["AA", [0]],
    ["-_8", [251, 255]],
    ["_-79", [255, 238, 253]],
  ])("%s is %j", (text, values) => {
    expect(list(fromBase64URL(text))).toEqual(values);
    expect(toBase64URL(bytes(...values))).toBe(text);
  });
});

// The browser of these tests has no passkeys, like those the code is for.
describe("options", () => {
  it("of a registration get their binary values", () => {
    const options = creationOptions({
      rp: { name: "Antiphon", id: "example.org" },
      user: { id: "AQI", name: "a@example.org", displayName: "A" },
      challenge: "AwQ",
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      excludeCredentials: [{ type: "public-key", id: "BQY" }],
    });
    expect(list(options.challenge)).toEqual([3, 4]);
    expect(list(options.user.id)).toEqual([1, 2]);
    expect(options.user.displayName).toBe("A");
    expect(list(options.excludeCredentials?.[0]?.id)).toEqual([5, 6]);
    expect(options.pubKeyCredParams).toEqual([{ type: "public-key", alg: -7 }]);
  });
  it("of a use get theirs", () => {
    const options = requestOptions({ challenge: "AwQ", rpId: "example.org", allowCredentials: [{ type: "public-key", id: "BQY" }] });
    expect(list(options.challenge)).toEqual([3, 4]);
    expect(list(options.allowCredentials?.[0]?.id)).toEqual([5, 6]);
    expect(options.rpId).toBe("example.org");
    expect(requestOptions({ challenge: "AwQ" }).allowCredentials).toBeUndefined();
  });
});

describe("answers", () => {
  const credential = (response: object) =>
    ({
      id: "AQ",
      rawId: bytes(1),
      type: "public-key",
      authenticatorAttachment: null,
      getClientExtensionResults: () => ({}),
      response: { clientDataJSON: bytes(2), ...response },
    }) as unknown as PublicKeyCredential;
  const common = { id: "AQ", rawId: "AQ", type: "public-key", clientExtensionResults: {} };
  it("of a registration", () => {
    expect(asJSON(credential({ attestationObject: bytes(3), getTransports: () => ["usb"] }))).toEqual({
      ...common,
      response: { clientDataJSON: "Ag", attestationObject: "Aw", transports: ["usb"] },
    });
  });
  it("of a use", () => {
    expect(asJSON(credential({ authenticatorData: bytes(4), signature: bytes(5), userHandle: null }))).toEqual({
      ...common,
      response: { clientDataJSON: "Ag", authenticatorData: "BA", signature: "BQ" },
    });
  });
  it("come from the browser where it can", () => {
    expect(asJSON({ toJSON: () => ({ id: "x" }) } as unknown as PublicKeyCredential)).toEqual({ id: "x" });
  });
});

it.each([
  ["NotAllowedError", "security.keys.cancelled"],
  ["InvalidStateError", "security.keys.registered"],
  ["SecurityError", "security.keys.unsupported"],
])("says what %s means", (name, key) => expect(passkeyProblem(new DOMException("", name))).toBe(key));

it.each([
  ["music.example.org", true],
  ["localhost", true],
  ["1.example.org", true],
  ["192.168.0.7", false],
  ["[::1]", false],
])("knows whether %s is a name", (host, name) => expect(isName(host)).toBe(name));
