import clsx from "clsx";
import type { ComponentProps } from "react";

const kinds = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong font-semibold",
  secondary: "bg-lifted text-strong hover:bg-line",
  ghost: "text-text hover:bg-lifted hover:text-strong",
  danger: "bg-danger-ground text-on-danger hover:brightness-110 font-semibold",
};
const sizes = { small: "h-8 px-3 text-sm gap-1.5", normal: "h-10 px-4 text-sm gap-2", large: "h-12 px-6 text-base gap-2" };

export interface ButtonProps extends ComponentProps<"button"> {
  kind?: keyof typeof kinds;
  size?: keyof typeof sizes;
  /** Shows that what it started is under way, and takes no second click. */
  busy?: boolean;
}

/** What a link must wear to look like a button. */
export function buttonClass(kind: keyof typeof kinds = "secondary", size: keyof typeof sizes = "normal"): string {
  return clsx(
    "inline-flex shrink-0 items-center justify-center rounded-full whitespace-nowrap transition-colors select-none disabled:opacity-50",
    kinds[kind],
    sizes[size],
  );
}

export function Button({ kind, size, busy, className, disabled, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={clsx(buttonClass(kind, size), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <span aria-hidden className="size-4 animate-spin rounded-full border-2 border-current border-t-transparent" />}
      {children}
    </button>
  );
}
