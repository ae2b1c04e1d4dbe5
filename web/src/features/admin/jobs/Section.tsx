import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A part of the page of jobs. */
export function Section({ title, text, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-10 max-w-4xl">
      <div className="mb-3 flex flex-wrap items-end gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <h2 id={id} className="text-lg font-semibold text-strong">
            {title}
          </h2>
          {text && <p className="text-sm text-quiet">{text}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
