import clsx from "clsx";
import { useUnreadTotal } from "@/features/chat/unread";
import { useText } from "@/i18n";

/** How many messages wait to be read; nothing when none does. */
export function UnreadBadge({ className }: { className?: string }) {
  const text = useText();
  const unread = useUnreadTotal();
  if (unread === 0) return null;
  return (
    <span
      className={clsx(
        "grid h-4.5 min-w-4.5 place-items-center rounded-full bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-on-accent tabular-nums",
        className,
      )}
    >
      <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
      <span className="sr-only">{text("browse.unread", { count: unread })}</span>
    </span>
  );
}
