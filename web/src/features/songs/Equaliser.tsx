import clsx from "clsx";

const bars = ["0s", "-0.35s", "-0.7s"];

/** Three bars that dance while a song plays. */
export function Equaliser({ moving, className }: { moving: boolean; className?: string }) {
  return (
    <span aria-hidden className={clsx("inline-flex h-3.5 items-end gap-0.5 text-accent", className)}>
      {bars.map((delay) => (
        <span
          key={delay}
          className={clsx("h-full w-[3px] origin-bottom rounded-full bg-current", moving ? "animate-[bar_0.9s_ease-in-out_infinite]" : "scale-y-40")}
          style={{ animationDelay: delay }}
        />
      ))}
    </span>
  );
}
