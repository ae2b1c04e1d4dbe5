import { WifiOff } from "lucide-react";
import { useSettled } from "@/features/people/settled";
import { useText } from "@/i18n";
import { useConnection } from "@/realtime/socket";

/** Says that there is no connection, when that lasts longer than a blink. */
export function ConnectionBanner() {
  const text = useText();
  const connection = useConnection();
  const settled = useSettled(connection === "connected", 1_000);
  const shown = connection !== "connected" && !settled;
  return (
    <div role="status">
      {shown && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-lifted px-4 py-2 text-center text-xs font-medium text-strong">
          <WifiOff aria-hidden size={14} className="shrink-0" />
          {text(connection === "connecting" ? "chat.connecting" : "chat.reconnecting")}
        </p>
      )}
    </div>
  );
}
