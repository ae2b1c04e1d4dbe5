import { useQuery } from "@tanstack/react-query";
import { FileClock } from "lucide-react";
import { useParams } from "react-router";
import { formatDate } from "@/i18n";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { PageHead } from "../AdminShell";
import { historyQuery } from "../queries";
import { useAdminText, useLabel } from "../texts";
import type { AuditEntry, ModelInfo } from "../types";

/** What an entry changed: from what to what. */
export function Changes({ changes }: { changes: AuditEntry["changes"] }) {
  const name = useLabel();
  if (changes.length === 0) return null;
  return (
    <dl className="mt-2 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[8rem_1fr]">
      {changes.map((c) => (
        <div key={c.field} className="contents">
          <dt className="text-quiet">{name(c.field.replaceAll("_", " "))}</dt>
          <dd className="min-w-0 break-words">
            {c.from && <del className="text-quiet">{c.from}</del>}
            {c.from && c.to && <span aria-hidden> → </span>}
            {c.to && <ins className="text-strong no-underline">{c.to}</ins>}
            {!c.from && !c.to && "–"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who did what to an object, and when. */
export function HistoryPage({ model }: { model: ModelInfo }) {
  const { id = "" } = useParams();
  const text = useAdminText();
  const name = useLabel();
  const { data, error, refetch } = useQuery(historyQuery(model.name, id));
  return (
    <>
      <PageHead title={text("admin.history")} back={{ to: `/admin/${model.name}/${id}`, label: `${name(model.label)} ${id}` }} />
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Loading>
          <Skeleton className="h-24 max-w-3xl" />
        </Loading>
      )}
      {data?.length === 0 && <Empty icon={FileClock} title={text("admin.history.empty")} />}
      {data && data.length > 0 && (
        <ol className="flex max-w-3xl flex-col gap-3">
          {data.map((entry, i) => (
            <li key={i} className="rounded-xl border border-line bg-raised px-5 py-4">
              <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
                <span className="font-semibold text-strong">{name(entry.action)}</span>
                <span>{entry.actor}</span>
                <time dateTime={entry.at} className="ml-auto text-quiet">
                  {formatDate(entry.at, { dateStyle: "medium", timeStyle: "medium" })}
                </time>
              </p>
              <Changes changes={entry.changes} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
