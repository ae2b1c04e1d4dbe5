import { useSyncExternalStore } from "react";

const events = ["focus", "blur"] as const;

function follow(notify: () => void): () => void {
  for (const event of events) addEventListener(event, notify);
  document.addEventListener("visibilitychange", notify);
  return () => {
    for (const event of events) removeEventListener(event, notify);
    document.removeEventListener("visibilitychange", notify);
  };
}

/** Whether somebody looks at this window. */
export const useAttention = (): boolean =>
  useSyncExternalStore(follow, () => document.visibilityState === "visible" && document.hasFocus());
