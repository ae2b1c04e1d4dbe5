import type { TextKey } from "@/i18n";

export interface Rule {
  text: TextKey;
  met: boolean;
}

const minLength = 8; // the server's

/**
 * What the server asks of a password, as far as it can be told while typing;
 * its list of common ones stays with it.
 */
export function passwordRules(password: string, email = ""): Rule[] {
  const lower = password.toLowerCase();
  const local = email.toLowerCase().split("@")[0] ?? "";
  return [
    { text: "account.rule.length", met: [...password].length >= minLength },
    { text: "account.rule.numeric", met: password !== "" && /\D/.test(password) },
    { text: "account.rule.similar", met: password !== "" && !(local.length > 2 && lower.includes(local)) },
  ];
}
