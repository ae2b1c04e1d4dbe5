import clsx from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  icon: LucideIcon;
  /** Its name, for those who do not see the icon, and as a tooltip. */
  label: string;
  size?: "small" | "normal" | "large";
  /** Filled with the accent: the one main thing to press. */
  primary?: boolean;
  /** Switched on; makes it a toggle. */
  pressed?: boolean;
  filled?: boolean;
}

const sizes = { small: "size-8", normal: "size-10", large: "size-12" };
const icons = { small: 16, normal: 20, large: 24 };

export function IconButton({
  icon: Icon,
  label,
  size = "normal",
  primary,
  pressed,
  filled,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={clsx(
        "inline-grid shrink-0 place-items-center rounded-full transition disabled:opacity-40",
        sizes[size],
        primary
          ? "bg-accent text-on-accent hover:scale-105 hover:bg-accent-strong"
          : pressed
            ? "text-accent hover:bg-lifted"
            : "text-quiet hover:bg-lifted hover:text-strong",
        className,
      )}
      {...rest}
    >
      <Icon aria-hidden size={icons[size]} fill={filled ? "currentColor" : "none"} />
    </button>
  );
}
