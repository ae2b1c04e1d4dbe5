import { ownTexts } from "@/i18n";
import { security } from "@/i18n/en/security";

export type SecurityKey = keyof typeof security;

/** The texts of second factors, of what comes by mail and of sign-ins elsewhere, which come with these views. */
export const useSecurityText = ownTexts(security, () => import("@/i18n/de/security").then((m) => m.security));
