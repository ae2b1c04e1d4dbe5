import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  text: string;
  /** What can be done. */
  action?: ReactNode;
  children?: ReactNode;
}

/** One kind of second factor. */
export function Section({ title, text, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line px-5 py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h3 id={id} className="font-medium text-strong">
            {title}
          </h3>
          <p className="mt-1 text-sm text-quiet">{text}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
