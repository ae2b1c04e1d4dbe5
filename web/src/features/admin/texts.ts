import { ownTexts } from "@/i18n";
import { admin } from "@/i18n/en/admin";

export type AdminKey = keyof typeof admin & string;

/** The texts of the admin panel, which come with its chunk. */
export const useAdminText = ownTexts(admin, () => import("@/i18n/de/admin").then((m) => m.admin));

/** Names that the server gives in English, by their keys in the catalogue. */
export function useLabel() {
  const text = useAdminText();
  return (label: string): string => {
    const key = `admin.label.${label.toLowerCase()}`;
    return key in admin ? text(key as AdminKey) : label;
  };
}
