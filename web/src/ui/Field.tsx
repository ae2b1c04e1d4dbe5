import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  help?: ReactNode;
  /** What is wrong with it; shown and tied to the control. */
  error?: string;
  required?: boolean;
  className?: string;
  /** Gets what ties the control to its label, help and error. */
  children: (control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true; required?: boolean }) => ReactNode;
}

/** A labelled control with its help and its error. */
export function Field({ label, help, error, required, className, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={clsx("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium text-strong">
        {label}
        {required && <span aria-hidden className="text-accent"> *</span>}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        required: required || undefined,
      })}
      {help && (
        <p id={`${id}-help`} className="text-xs text-quiet">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** What text fields wear. */
export const inputClass =
  "w-full rounded-lg border border-line-strong bg-sunk px-3 py-2 text-base text-strong placeholder:text-quiet sm:text-sm " +
  "hover:border-quiet focus-visible:border-accent aria-invalid:border-danger disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={clsx(inputClass, "h-10", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={clsx(inputClass, "min-h-24", className)} {...rest} />;
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={clsx(inputClass, "h-10 pr-8", className)} {...rest} />;
}
