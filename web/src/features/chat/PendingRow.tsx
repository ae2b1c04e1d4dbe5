import { Clock } from "lucide-react";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Bubble } from "./Bubble";
import type { Pending } from "./outbox";
import { discardMessage, retryMessage } from "./sending";

/** A message that the server does not have yet, and what can be done about it. */
export function PendingRow({ item }: { item: Pending }) {
  const text = useText();
  const waits = item.state !== "sending";
  return (
    <li>
      <Bubble content={item.content} own faded mark={<Clock aria-hidden size={13} className="text-quiet" />} />
      <div role="status" className="mt-1 flex flex-wrap items-center justify-end gap-x-2 gap-y-1 pr-6 text-xs">
        {item.state === "sending" ? (
          <span className="text-quiet">{text("chat.sending")}</span>
        ) : (
          <span className="text-danger">{text(item.state === "refused" ? "chat.refused" : "chat.notSent")}</span>
        )}
        {item.reason && <span className="text-quiet">{item.reason}</span>}
        {waits && (
          <>
            <Button size="small" onClick={() => retryMessage(item.key)}>
              {text("chat.retry")}
            </Button>
            <Button size="small" kind="ghost" onClick={() => discardMessage(item.key)}>
              {text("chat.discard")}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
