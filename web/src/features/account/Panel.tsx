import type { ReactNode } from "react";

/** One tab's heading and content. */
export function Panel({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
      {text && <p className="mt-1 text-sm text-quiet">{text}</p>}
      <div className="mt-6">{children}</div>
    </section>
  );
}
