import type { ReactNode } from "react";
import { Link } from "react-router";
import { useText } from "@/i18n";
import { Toaster } from "@/ui/Toaster";

interface EntranceProps {
  title: string;
  lead?: string;
  children: ReactNode;
}

/** The way in: the brand at the side, a form beside it. */
export function Entrance({ title, lead, children }: EntranceProps) {
  const text = useText();
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] overflow-y-auto bg-ground lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <aside className="relative hidden flex-col justify-between overflow-hidden border-r border-line bg-sunk p-12 lg:flex">
        <Rings />
        <Brand />
        <div className="relative max-w-md">
          <p className="display text-5xl text-strong">{text("account.brand.title")}</p>
          <p className="mt-4 text-base text-quiet">{text("account.brand.text")}</p>
        </div>
      </aside>
      <main className="flex flex-col px-5 py-8 sm:px-12">
        <div className="lg:hidden">
          <Brand />
        </div>
        <div className="mx-auto my-auto w-full max-w-sm py-10">
          <h1 className="display text-4xl">{title}</h1>
          {lead && <p className="mt-2 text-sm text-quiet">{lead}</p>}
          <div className="mt-8">{children}</div>
        </div>
      </main>
      <Toaster />
    </div>
  );
}

function Brand() {
  const text = useText();
  return (
    <Link to="/" className="relative inline-flex items-center gap-3 self-start rounded-lg text-strong">
      <img src="/mark.svg" alt="" width={36} height={36} />
      <span className="display text-2xl">{text("app.name")}</span>
    </Link>
  );
}

/** Two sets of rings that answer each other. */
function Rings() {
  const radii = [60, 110, 160, 210, 260, 310, 360];
  return (
    <svg aria-hidden viewBox="0 0 600 900" preserveAspectRatio="xMidYMid slice" className="absolute inset-0 size-full" fill="none">
      <g stroke="var(--accent)">
        {radii.map((r, i) => (
          <circle key={r} cx={140} cy={300} r={r} opacity={0.34 - i * 0.04} />
        ))}
      </g>
      <g stroke="var(--sea)">
        {radii.map((r, i) => (
          <circle key={r} cx={470} cy={440} r={r} opacity={0.34 - i * 0.04} />
        ))}
      </g>
    </svg>
  );
}

/** What is wrong with a form as a whole. */
export function FormProblem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-lg border border-danger px-3 py-2 text-sm text-danger">
      {children}
    </p>
  );
}
