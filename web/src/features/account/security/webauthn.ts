/** What the server sends to begin with: what navigator.credentials takes, with binary values in base64url. */
export type CreationOptions = { publicKey: PublicKeyCredentialCreationOptionsJSON };
export type RequestOptions = { publicKey: PublicKeyCredentialRequestOptionsJSON };

/** Whether this browser has passkeys, at this address: it hides them without HTTPS, and they belong to a name. */
export function hasPasskeys(): boolean {
  return "PublicKeyCredential" in window && isName(location.hostname);
}

/** Whether a URL's host is a name, and no IP address. */
export function isName(host: string): boolean {
  return !/^\[|^[\d.]+$/.test(host);
}

/** Makes a passkey and returns what to tell the server of it. It fails with a DOMException. */
export async function createPasskey({ publicKey }: CreationOptions): Promise<unknown> {
  const credential = await navigator.credentials.create({ publicKey: creationOptions(publicKey) });
  return asJSON(credential as PublicKeyCredential);
}

/** Lets a passkey prove who is here. It fails with a DOMException. */
export async function provePasskey({ publicKey }: RequestOptions): Promise<unknown> {
  const credential = await navigator.credentials.get({ publicKey: requestOptions(publicKey) });
  return asJSON(credential as PublicKeyCredential);
}

/** Why there was no passkey, as a key of the catalogue. */
export function passkeyProblem({ name }: DOMException) {
  switch (name) {
    case "InvalidStateError":
      return "security.keys.registered";
    case "SecurityError":
    case "NotSupportedError":
      return "security.keys.unsupported";
    default: // NotAllowedError says no more than that
      return "security.keys.cancelled";
  }
}

// Browsers from before 2025 lack the conversions from and to JSON, so they are
// here too: https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON

export function fromBase64URL(text: string): ArrayBuffer {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer;
}

export function toBase64URL(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

type DescriptorJSON = PublicKeyCredentialDescriptorJSON;

const descriptors = (list: DescriptorJSON[] | undefined) =>
  list?.map((d) => ({ ...d, id: fromBase64URL(d.id) }) as PublicKeyCredentialDescriptor);

export function creationOptions(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  if ("PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  }
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: fromBase64URL(json.challenge),
    user: { ...json.user, id: fromBase64URL(json.user.id) },
    excludeCredentials: descriptors(json.excludeCredentials),
  };
}

export function requestOptions(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  if ("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  }
  return {
    ...(json as unknown as PublicKeyCredentialRequestOptions),
    challenge: fromBase64URL(json.challenge),
    allowCredentials: descriptors(json.allowCredentials),
  };
}

/** A credential with its binary values in base64url. */
export function asJSON(credential: PublicKeyCredential): unknown {
  if ("toJSON" in credential) return credential.toJSON();
  const { id, rawId, type, authenticatorAttachment, response } = credential as PublicKeyCredential;
  return {
    id,
    rawId: toBase64URL(rawId),
    type,
    authenticatorAttachment: authenticatorAttachment ?? undefined,
    clientExtensionResults: (credential as PublicKeyCredential).getClientExtensionResults(),
    response: "attestationObject" in response ? attestation(response as AuthenticatorAttestationResponse) : assertion(response as AuthenticatorAssertionResponse),
  };
}

function attestation(r: AuthenticatorAttestationResponse) {
  return {
    clientDataJSON: toBase64URL(r.clientDataJSON),
    attestationObject: toBase64URL(r.attestationObject),
    transports: "getTransports" in r ? r.getTransports() : [],
  };
}

function assertion(r: AuthenticatorAssertionResponse) {
  return {
    clientDataJSON: toBase64URL(r.clientDataJSON),
    authenticatorData: toBase64URL(r.authenticatorData),
    signature: toBase64URL(r.signature),
    userHandle: r.userHandle ? toBase64URL(r.userHandle) : undefined,
  };
}
