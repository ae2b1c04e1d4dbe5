import { ApiError } from "@/api/client";
import { errorText } from "@/ui/State";
import type { useSecurityText } from "./texts";
import { passkeyProblem } from "./webauthn";

/** An error of a second factor in the reader's words: of the server, or of a passkey. */
export function problemText(error: unknown, text: ReturnType<typeof useSecurityText>): string {
  if (error instanceof DOMException) return text(passkeyProblem(error));
  const field = error instanceof ApiError ? error.fields.find(({ name }) => name === "passkey") : undefined;
  if (field?.code === "too_many") return text("security.keys.tooMany", { limit: field.limit ?? 0 });
  return field ? text("security.keys.refused") : errorText(error);
}
