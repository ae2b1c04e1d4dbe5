import { useMutation } from "@tanstack/react-query";
import { ApiError, web } from "@/api/client";
import { useBecome } from "@/api/session";
import type { components } from "@/api/schema";
import type { Me } from "@/api/types";
import { provePasskey, type RequestOptions } from "./security/webauthn";

/** What a sign-in still wants after its password. */
export interface Step {
  challenge: string;
  totp: boolean;
  passkey: boolean;
}

/** The second step that a refused sign-in asks for, if that is why it was refused. */
export function stepOf(error: unknown): Step | undefined {
  if (!(error instanceof ApiError) || error.kind !== "unauthenticated") return undefined;
  const { challenge, totp, passkey } = error.details;
  return typeof challenge === "string" ? { challenge, totp: totp === true, passkey: passkey === true } : undefined;
}

/** Signs in by a code, or without one by a passkey. */
export function useFinishSignIn(challenge: string) {
  const become = useBecome();
  return useMutation({
    mutationFn: async (code: string | undefined) => {
      if (code !== undefined) return web.post<Me>("session/second-factor", { challenge, code });
      const { options, state } = await web.post<components["schemas"]["WebCeremony"]>("session/passkey", { challenge });
      const passkey = await provePasskey(options as RequestOptions);
      return web.post<Me>("session/second-factor", { challenge, state, passkey });
    },
    onSuccess: become,
  });
}
