import { useQuery } from "@tanstack/react-query";
import { Failed } from "@/ui/State";
import { useAdminText, useLabel } from "../texts";
import { queuesQuery } from "./queries";
import { Section } from "./Section";

/** The work that comes when something calls for it, and how much of it there is. */
export function Queues() {
  const text = useAdminText();
  const label = useLabel();
  const { data, error, refetch } = useQuery(queuesQuery);
  if (error && !data) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data || data.length === 0) return null;
  return (
    <Section title={text("admin.jobs.tasks")} text={text("admin.jobs.tasks.text")}>
      <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
        {data.map(({ name, label: kind, waiting, running, failed }) => (
          <li key={name} className="flex flex-wrap gap-x-6 gap-y-1 px-5 py-3 text-sm">
            <span className="min-w-48 flex-1 font-medium text-strong">{label(kind)}</span>
            <span className="text-quiet">{text("admin.jobs.tasks.counts", { waiting, running, failed })}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
