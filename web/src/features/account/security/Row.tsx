import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface RowProps {
  icon: LucideIcon;
  label: string;
  fact: string;
  /** What can be done with it. */
  children: ReactNode;
}

/** One of the things that one signs in with, in a list of them. */
export function Row({ icon: Icon, label, fact, children }: RowProps) {
  return (
    <li className="flex items-center gap-4 py-3 last:pb-0">
      <Icon aria-hidden size={20} className="shrink-0 text-quiet" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium text-strong" title={label}>
          {label}
        </p>
        <p className="text-xs break-words text-quiet">{fact}</p>
      </div>
      {children}
    </li>
  );
}
