import { useEffect } from "react";
import { t } from "@/i18n";

/** Names the browser's tab after the view; undefined while its name is being loaded. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t("app.name")}` : t("app.name");
  }, [title]);
}
