import clsx from "clsx";
import { Toast as Radix } from "radix-ui";
import { useText } from "@/i18n";
import { dismiss, useNotices } from "./toast";

/** The notices that are up. */
export default function Notices() {
  const text = useText();
  const notices = useNotices((s) => s.notices);
  return (
    <Radix.Provider label={text("toast.region")} swipeDirection="down">
      {notices.map((n) => (
        <Radix.Root
          key={n.id}
          duration={n.action ? 8000 : 5000}
          onOpenChange={(open) => !open && dismiss(n.id)}
          className={clsx(
            "flex items-center gap-4 rounded-xl border bg-raised px-4 py-3 text-sm text-strong shadow-float",
            n.kind === "error" ? "border-danger" : "border-line-strong",
          )}
        >
          <Radix.Description className="min-w-0 flex-1">{n.text}</Radix.Description>
          {n.action && (
            <Radix.Action altText={n.action.label} onClick={n.action.run} className="font-semibold text-accent hover:underline">
              {n.action.label}
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed bottom-40 left-1/2 z-60 flex w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 md:bottom-28" />
    </Radix.Provider>
  );
}
