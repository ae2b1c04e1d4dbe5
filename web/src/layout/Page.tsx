import clsx from "clsx";
import type { ReactNode } from "react";

/** The room of a view, with the same margins everywhere. */
export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={clsx("mx-auto w-full max-w-7xl px-4 py-6 md:px-8 md:py-8", className)}>{children}</div>;
}

/** A view's name, and to its right what one can do there. */
export function PageHeader({ title, detail, children }: { title: string; detail?: string; children?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4 pb-6">
      <div>
        <h1 className="display text-4xl md:text-5xl">{title}</h1>
        {detail && <p className="mt-2 text-sm text-quiet">{detail}</p>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-3">{children}</div>}
    </header>
  );
}

/** A part of a view under a heading. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-10 first:mt-0">
      <div className="flex items-baseline justify-between gap-4 pb-4">
        <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
