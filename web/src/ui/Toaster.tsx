import { lazy, Suspense } from "react";
import { useNotices } from "./toast";

const Notices = lazy(() => import("./Notices"));

/** Where notices appear; once, in each shell. Loaded with the first of them. */
export function Toaster() {
  const any = useNotices((s) => s.ever);
  return any ? (
    <Suspense>
      <Notices />
    </Suspense>
  ) : null;
}
