import clsx from "clsx";
import { Pause, Play, Repeat, Repeat1, Shuffle, SkipBack, SkipForward } from "lucide-react";
import { useText } from "@/i18n";
import { IconButton } from "@/ui/IconButton";
import { cycleRepeat, next, previous, toggle, toggleShuffle } from "./actions";
import { useWaiting } from "./progress";
import { usePlayer } from "./store";

interface ControlsProps {
  /** For the full-screen view. */
  large?: boolean;
  /** Leaves but play and next where the screen is narrow. */
  brief?: boolean;
  className?: string;
}

/** Shuffle, previous, play, next, repeat. */
export function Controls({ large, brief, className }: ControlsProps) {
  const text = useText();
  const shuffle = usePlayer((s) => s.shuffle);
  const repeat = usePlayer((s) => s.repeat);
  const empty = usePlayer((s) => s.index < 0);
  const extra = brief ? "max-md:hidden" : undefined;
  const size = large ? "large" : "normal";
  return (
    <div className={clsx("flex items-center justify-center", large ? "gap-3 sm:gap-5" : "gap-1 md:gap-2", className)}>
      <IconButton
        icon={Shuffle}
        label={text("player.shuffle")}
        pressed={shuffle}
        onClick={toggleShuffle}
        className={extra}
      />
      <IconButton
        icon={SkipBack}
        label={text("player.previous")}
        size={size}
        filled
        disabled={empty}
        onClick={previous}
        className={extra}
      />
      <PlayButton large={large} disabled={empty} />
      <IconButton icon={SkipForward} label={text("player.next")} size={size} filled disabled={empty} onClick={next} />
      <IconButton
        icon={repeat === "one" ? Repeat1 : Repeat}
        label={text(`player.repeat.${repeat}`)}
        onClick={cycleRepeat}
        className={clsx(repeat !== "off" && "text-accent!", extra)}
      />
    </div>
  );
}

function PlayButton({ large, disabled }: { large?: boolean; disabled: boolean }) {
  const text = useText();
  const playing = usePlayer((s) => s.playing);
  const waiting = useWaiting() && playing;
  return (
    <span className="relative inline-grid">
      <IconButton
        icon={playing ? Pause : Play}
        label={text(playing ? "player.pause" : "player.play")}
        size={large ? "large" : "normal"}
        primary
        filled
        disabled={disabled}
        aria-busy={waiting || undefined}
        onClick={toggle}
        className={large ? "size-16!" : undefined}
      />
      {waiting && (
        <span
          aria-hidden
          className="pointer-events-none absolute -inset-1 animate-spin rounded-full border-2 border-accent border-t-transparent"
        />
      )}
    </span>
  );
}
