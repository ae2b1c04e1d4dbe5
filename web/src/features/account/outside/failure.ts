import type { SecurityKey } from "../security/texts";

const texts = new Map<string, SecurityKey>([
  ["unavailable", "outside.failed.unavailable"],
  ["expired", "outside.failed.expired"],
  ["declined", "outside.failed.declined"],
  ["email_taken", "outside.failed.emailTaken"],
  ["inactive", "outside.failed.inactive"],
  ["registration_closed", "outside.failed.closed"],
  ["invitation_needed", "outside.failed.uninvited"],
  ["email_domain", "outside.failed.domain"],
]);

/** What the server's ?error= says of a sign-in elsewhere; undefined if there is none. */
export function signInFailure(code: string): SecurityKey | undefined {
  return code ? (texts.get(code) ?? "outside.failed.other") : undefined;
}

/** The same of an account elsewhere that was to be linked. */
export function linkFailure(code: string): SecurityKey | undefined {
  return code === "email_taken" ? "outside.failed.linkTaken" : signInFailure(code);
}
