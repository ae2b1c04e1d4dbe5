import clsx from "clsx";
import { useState } from "react";
import { formatDuration, useText } from "@/i18n";
import { seek } from "./actions";
import { useProgress } from "./progress";
import { Slider } from "./Slider";
import { usePlayer } from "./store";

/** Elapsed time, the slider, the length. */
export function SeekBar({ below, className }: { below?: boolean; className?: string }) {
  const text = useText();
  const { time, duration, buffered } = useProgress();
  const empty = usePlayer((s) => s.index < 0);
  const [draft, setDraft] = useState<number | null>(null);
  const total = formatDuration(duration);
  const clock = "w-11 text-xs text-quiet tabular-nums";
  return (
    <div className={clsx("flex items-center gap-x-2", below && "flex-wrap justify-between", className)}>
      <span data-testid="elapsed" className={clsx(clock, below ? "order-2 pl-1.5" : "text-right")}>
        {formatDuration(draft ?? time)}
      </span>
      <Slider
        label={text("player.seek")}
        value={time}
        max={duration}
        step={5}
        page={30}
        valueText={(value) => text("player.position", { elapsed: formatDuration(value), total })}
        marked={buffered}
        onChange={seek}
        onDrag={setDraft}
        disabled={empty}
        className={below ? "w-full" : "flex-1"}
      />
      <span data-testid="duration" className={clsx(clock, below && "order-3 pr-1.5 text-right")}>
        {total}
      </span>
    </div>
  );
}

/** A hairline that shows how far the song is, where there is no room for a slider. */
export function ProgressLine({ className }: { className?: string }) {
  const { time, duration } = useProgress();
  return (
    <div aria-hidden className={clsx("h-0.5 overflow-hidden rounded-full bg-lifted", className)}>
      <div
        className="size-full origin-left bg-accent"
        style={{ transform: `scaleX(${duration > 0 ? Math.min(1, time / duration) : 0})` }}
      />
    </div>
  );
}
