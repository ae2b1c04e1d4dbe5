import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { admin } from "@/api/client";
import { formatAgo, formatNumber } from "@/i18n";
import { Button } from "@/ui/Button";
import { errorText, Failed, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { PageHead } from "./AdminShell";
import { FailedTasks } from "./jobs/FailedTasks";
import { Queues } from "./jobs/Queues";
import { Runs } from "./jobs/Runs";
import { jobsQuery } from "./queries";
import { useAdminText, useLabel } from "./texts";
import type { Job } from "./types";

/** A span in the greatest unit that divides it: "5 min". */
function duration(seconds: number): string {
  const [n, unit] = seconds % 3600 === 0 ? [seconds / 3600, "h"] : seconds % 60 === 0 ? [seconds / 60, "min"] : [seconds, "s"];
  return `${n} ${unit}`;
}

function LastRun({ job }: { job: Job }) {
  const text = useAdminText();
  if (job.running) return <span className="text-accent">{text("admin.jobs.running")}</span>;
  if (!job.lastStarted) return <span className="text-quiet">{text("admin.jobs.never")}</span>;
  return (
    <>
      <span>
        {formatAgo(job.lastStarted)}
        {job.lastSeconds !== null && ` · ${text("admin.jobs.took", { seconds: formatNumber(job.lastSeconds, 2) })}`}
      </span>
      {job.lastError ? (
        <span className="block text-danger">{job.lastError}</span>
      ) : (
        job.lastResult && <span className="block text-quiet">{job.lastResult}</span>
      )}
    </>
  );
}

/** What the server does by itself, when it did it last, and a button to do it now; what it does besides, and what of that failed. */
export function Jobs({ mayChange }: { mayChange: boolean }) {
  const text = useAdminText();
  const name = useLabel();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(jobsQuery);
  const run = useMutation({
    mutationFn: (job: string) => admin.post<undefined>(`jobs/${encodeURIComponent(job)}/run`),
    onSuccess: () => toast(text("admin.jobs.started")),
    onError: (e) => toast(errorText(e), { kind: "error" }),
    onSettled: () => client.invalidateQueries({ queryKey: jobsQuery.queryKey }),
  });
  return (
    <>
      <PageHead title={text("admin.jobs")} />
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Loading>
          <Skeleton className="h-40 max-w-4xl" />
        </Loading>
      )}
      <ul className="flex max-w-4xl flex-col gap-3">
        {data?.map((job) => (
          <li key={job.name} className="flex flex-wrap items-center gap-4 rounded-xl border border-line bg-raised px-5 py-4">
            <div className="min-w-48 flex-1">
              <h2 className="font-medium">{name(job.label)}</h2>
              <p className="text-sm text-quiet">{text("admin.jobs.every", { every: duration(job.every) })}</p>
            </div>
            <p className="min-w-48 flex-1 text-sm">
              <LastRun job={job} />
            </p>
            {mayChange && (
              <Button size="small" disabled={job.running || run.isPending} onClick={() => run.mutate(job.name)}>
                <Play aria-hidden size={14} />
                {text("admin.jobs.run")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Queues />
      <FailedTasks mayChange={mayChange} />
      <Runs />
    </>
  );
}
