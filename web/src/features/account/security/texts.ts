import { ownTexts } from "@/i18n";
import { security } from "@/i18n/en/security";

/** The texts of second factors and of what comes by mail, which come with these views. */
export const useSecurityText = ownTexts(security, () => import("@/i18n/de/security").then((m) => m.security));
