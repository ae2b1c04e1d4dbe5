import { ListMusic, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Empty } from "@/ui/State";
import { clearQueue } from "./actions";
import { LaterList } from "./LaterList";
import { QueueList } from "./QueueList";
import { usePlayer } from "./store";
import { returnFocus, show } from "./views";

const narrow = () => matchMedia("(max-width: 47.99rem)").matches;

/**
 * The queue, beside the view on wide screens and over it on phones. It is not
 * modal, so that notices that offer to undo can be reached.
 */
export function Queue() {
  const text = useText();
  const count = usePlayer((s) => s.queue.length);
  const later = usePlayer((s) => s.later.length);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  return (
    <Radix.Root open modal={false} onOpenChange={(open) => show("queue", open)}>
      <Radix.Portal>
        <Radix.Content
          data-player
          aria-describedby=""
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={returnFocus}
          onInteractOutside={(event) => !narrow() && event.preventDefault()}
          className={
            "fixed inset-0 z-40 flex animate-[appear_0.2s_ease-out] flex-col bg-raised outline-none " +
            "md:inset-auto md:right-4 md:bottom-26 md:h-[min(44rem,calc(100dvh-8rem))] md:w-[26rem] md:rounded-2xl md:border md:border-line md:shadow-float"
          }
        >
          <div className="flex h-16 shrink-0 items-center gap-2 pr-3 pl-5">
            <Radix.Title className="flex-1 text-lg font-semibold text-strong">{text("player.queue")}</Radix.Title>
            <Button kind="ghost" size="small" disabled={count < 2} onClick={clearQueue}>
              {text("action.clear")}
            </Button>
            <Radix.Close asChild>
              <IconButton icon={X} label={text("action.close")} />
            </Radix.Close>
          </div>
          <div
            ref={setScroller}
            className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain px-2 pb-4 max-md:pb-[max(1rem,env(safe-area-inset-bottom))]"
          >
            {count > 0 && <QueueList scroller={scroller} />}
            {count === 0 && later === 0 && (
              <Empty icon={ListMusic} title={text("player.queue.empty")} text={text("player.queue.empty.text")} />
            )}
            {later > 0 && <LaterList />}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
