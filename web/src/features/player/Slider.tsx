import clsx from "clsx";
import { type KeyboardEvent, useState } from "react";

interface SliderProps {
  label: string;
  value: number;
  max: number;
  /** What an arrow key moves. */
  step: number;
  /** What Page Up and Page Down move. */
  page: number;
  /** The value in words. */
  valueText: (value: number) => string;
  /** Stretches to mark behind the value, as [from, to]. */
  marked?: [number, number][];
  /** Called while it is dragged too, not only at the end. */
  live?: boolean;
  onChange: (value: number) => void;
  /** Told where it is dragged to, and null afterwards. */
  onDrag?: (value: number | null) => void;
  disabled?: boolean;
  className?: string;
}

const percent = (value: number, max: number) => `${max > 0 ? Math.min(100, (value / max) * 100) : 0}%`;

/** A thin range control: keyboard, touch and screen readers get the browser's own. */
export function Slider(props: SliderProps) {
  const { label, value, max, step, page, valueText, marked, live, onChange, onDrag, disabled, className } = props;
  const [dragging, setDragging] = useState(false);
  const [draft, setDraft] = useState<number | null>(null);
  const shown = Math.min(draft ?? value, max);

  const drag = (to: number | null) => {
    setDraft(to);
    onDrag?.(to);
  };
  const change = (to: number) => {
    if (dragging && !live) drag(to);
    else onChange(to);
  };
  const drop = (commit: boolean) => {
    if (commit && draft !== null) onChange(draft);
    setDragging(false);
    drag(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: step,
      ArrowUp: step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageUp: page,
      PageDown: -page,
    };
    const by = steps[event.key];
    if (by === undefined || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onChange(Math.min(max, Math.max(0, value + by)));
  };

  return (
    <div className={clsx("group relative flex h-6 min-w-0 items-center", disabled && "opacity-40", className)}>
      <div aria-hidden className="pointer-events-none absolute inset-x-1.5 h-1 overflow-hidden rounded-full bg-lifted">
        {marked?.map(([from, to]) => (
          <span
            key={from}
            className="absolute inset-y-0 bg-line-strong opacity-60"
            style={{ left: percent(from, max), width: percent(to - from, max) }}
          />
        ))}
        <span
          className="absolute inset-y-0 left-0 bg-strong group-focus-within:bg-accent group-hover:bg-accent"
          style={{ width: percent(shown, max) }}
        />
      </div>
      <input
        type="range"
        min={0}
        max={max || 1}
        step="any"
        value={shown}
        disabled={disabled}
        aria-label={label}
        aria-valuetext={valueText(shown)}
        onChange={(event) => change(event.currentTarget.valueAsNumber)}
        onKeyDown={onKeyDown}
        onPointerDown={() => setDragging(true)}
        onPointerUp={() => drop(true)}
        onPointerCancel={() => drop(false)}
        className={clsx(
          "relative m-0 h-6 w-full cursor-pointer appearance-none rounded-full bg-transparent disabled:cursor-default",
          "[&::-webkit-slider-thumb]:size-3 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-strong",
          "[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-strong",
        )}
      />
    </div>
  );
}
