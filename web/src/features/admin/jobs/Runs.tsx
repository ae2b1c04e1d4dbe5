import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { formatAgo, formatDate, formatNumber } from "@/i18n";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { jobsQuery } from "../queries";
import { useAdminText, useLabel } from "../texts";
import { most, queuesQuery, runsQuery, step } from "./queries";
import { Section } from "./Section";

const head = "px-4 py-2 text-left font-medium text-quiet";
const cell = "px-4 py-2.5 align-top";

/** What ran last, of all jobs or of one. */
export function Runs() {
  const text = useAdminText();
  const label = useLabel();
  const [job, setJob] = useState("");
  const [limit, setLimit] = useState(step);
  const { data, error, refetch } = useQuery(runsQuery(job, limit));
  const jobs = useQuery(jobsQuery).data ?? [];
  const queues = useQuery(queuesQuery).data ?? [];
  const choose = (
    <Select
      aria-label={text("admin.jobs.runs.job")}
      className="max-w-full sm:w-72"
      value={job}
      onChange={(e) => {
        setJob(e.target.value);
        setLimit(step);
      }}
    >
      <option value="">{text("admin.jobs.runs.all")}</option>
      {[...jobs, ...queues].map(({ name, label: kind }) => (
        <option key={name} value={name}>
          {label(kind)}
        </option>
      ))}
    </Select>
  );
  return (
    <Section title={text("admin.jobs.runs")} action={choose}>
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Loading>
          <Skeleton className="h-40" />
        </Loading>
      )}
      {data?.length === 0 && <p className="text-sm text-quiet">{text("admin.jobs.runs.empty")}</p>}
      {data && data.length > 0 && (
        // A table that is scrolled needs the focus for the keys to do it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div role="group" aria-label={text("admin.jobs.runs")} tabIndex={0} className="overflow-x-auto rounded-xl border border-line bg-raised">
          <table className="w-full min-w-2xl text-sm">
            <thead>
              <tr className="border-b border-line">
                <th scope="col" className={head}>
                  {text("admin.jobs.runs.started")}
                </th>
                <th scope="col" className={head}>
                  {text("admin.jobs.runs.job")}
                </th>
                <th scope="col" className={head}>
                  {text("admin.jobs.runs.outcome")}
                </th>
                <th scope="col" className={head}>
                  {text("admin.jobs.runs.seconds")}
                </th>
                <th scope="col" className={head}>
                  {text("admin.jobs.runs.node")}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {data.map((run) => (
                <tr key={run.id}>
                  <td className={cell}>
                    <time dateTime={run.started} title={formatDate(run.started, { dateStyle: "medium", timeStyle: "medium" })} className="whitespace-nowrap">
                      {formatAgo(run.started)}
                    </time>
                  </td>
                  <td className={`${cell} min-w-44`}>{label(run.label)}</td>
                  <td className={`${cell} wrap-anywhere`}>
                    {run.error ? <span className="text-danger">{run.error}</span> : (run.result ?? "–")}
                  </td>
                  <td className={`${cell} whitespace-nowrap tabular-nums`}>{text("admin.jobs.took", { seconds: formatNumber(run.seconds, 2) })}</td>
                  <td className={`${cell} max-w-40 truncate text-quiet`} title={run.node}>
                    {run.node}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && data.length >= limit && limit < most && (
        <Button size="small" className="mt-3" onClick={() => setLimit(Math.min(limit * 2, most))}>
          {text("admin.jobs.more")}
        </Button>
      )}
    </Section>
  );
}
