import { ownTexts } from "@/i18n";
import { admin } from "@/i18n/en/admin";
import { names } from "@/i18n/en/adminNames";

export type AdminKey = keyof typeof admin & string;

/** The texts of the admin panel, which come with its chunk. */
export const useAdminText = ownTexts(admin, () => import("@/i18n/de/admin").then((m) => m.admin));

const useName = ownTexts(names, () => import("@/i18n/de/adminNames").then((m) => m.names));

/** What the server words in English, in the language of choice; what it does not know stays as it is. */
export function useLabel() {
  const name = useName();
  return (label: string): string => {
    const key = label.toLowerCase();
    const found = name(key);
    return found === key ? label : found;
  };
}
