import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { formatAgo, formatNumber } from "@/i18n";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { PageHead } from "../AdminShell";
import { formatBytes } from "../list/Cell";
import { dashboardQuery } from "../queries";
import { type AdminKey, useAdminText, useLabel } from "../texts";
import type { DashboardInfo } from "../types";
import { BarChart } from "./BarChart";

const totals = ["songs", "albums", "artists", "users", "messages", "plays", "online"] as const;
/** The totals that have a list. */
const lists = new Set<string>(["songs", "albums", "users", "messages"]);
const series = ["plays", "messages", "users", "songs"] as const;

function Totals({ data }: { data: DashboardInfo }) {
  const text = useAdminText();
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4 xl:grid-cols-7">
      {totals.map((t) => (
        <div key={t} className="flex flex-col-reverse justify-end rounded-xl border border-line bg-raised px-5 py-4 max-xl:last:col-span-2">
          <dt className="text-xs text-quiet">{text(`admin.total.${t}` as AdminKey)}</dt>
          <dd className="display text-3xl text-strong tabular-nums">
            {lists.has(t) ? (
              <Link to={`/admin/${t}`} className="hover:text-accent">
                {formatNumber(data.totals[t])}
              </Link>
            ) : (
              formatNumber(data.totals[t])
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Storage({ storage }: { storage: DashboardInfo["storage"] }) {
  const text = useAdminText();
  const free = storage.free ?? 0;
  const all = storage.media + storage.database + free;
  const share = (n: number) => (all > 0 ? (n / all) * 100 : 0);
  const parts = [
    { label: text("admin.storage.media", { count: storage.files }), n: storage.media, fill: "fill-accent", dot: "bg-accent" },
    { label: text("admin.storage.database"), n: storage.database, fill: "fill-sea", dot: "bg-sea" },
    { label: text("admin.storage.free"), n: free, fill: "fill-line", dot: "bg-line-strong" },
  ];
  let x = 0;
  return (
    <section className="rounded-xl border border-line bg-raised p-5">
      <h2 className="text-sm font-medium">{text("admin.storage")}</h2>
      <svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden className="my-4 h-3 w-full overflow-hidden rounded-full">
        {parts.map((p) => {
          const left = x;
          x += share(p.n);
          return <rect key={p.label} x={left} y={0} width={share(p.n)} height={3} className={p.fill} />;
        })}
      </svg>
      <ul className="flex flex-col gap-2 text-sm">
        {parts.map((p) => (
          <li key={p.label} className="flex items-center gap-2">
            <span aria-hidden className={`size-2.5 rounded-full ${p.dot}`} />
            <span className="flex-1">{p.label}</span>
            <span className="text-strong tabular-nums">{formatBytes(p.n)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Top({ top }: { top: DashboardInfo["top"] }) {
  const text = useAdminText();
  return (
    <section className="rounded-xl border border-line bg-raised p-5">
      <h2 className="mb-3 text-sm font-medium">{text("admin.top")}</h2>
      {top.length === 0 && <p className="text-sm text-quiet">{text("admin.top.empty")}</p>}
      <ol className="flex flex-col gap-2">
        {top.map(({ song, plays }) => (
          <li key={song.id} className="flex items-center gap-3 text-sm">
            <Link to={`/admin/songs/${song.id}`} className="min-w-0 flex-1 truncate text-strong hover:text-accent">
              {song.label}
            </Link>
            <span className="text-quiet tabular-nums">{text("admin.plays", { count: plays })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Recent({ recent }: { recent: DashboardInfo["recent"] }) {
  const text = useAdminText();
  const name = useLabel();
  return (
    <section className="rounded-xl border border-line bg-raised p-5">
      <h2 className="mb-3 text-sm font-medium">{text("admin.recent")}</h2>
      {recent.length === 0 && <p className="text-sm text-quiet">{text("admin.recent.empty")}</p>}
      <ol className="flex flex-col gap-2 text-sm">
        {recent.map((entry, i) => (
          <li key={i} className="flex items-baseline gap-2">
            <span className="text-quiet">{name(entry.action)}</span>
            <span className="min-w-0 flex-1 truncate text-strong">{entry.object}</span>
            <time dateTime={entry.at} className="text-xs whitespace-nowrap text-quiet">
              {formatAgo(entry.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How the server is doing, at a glance. */
export function Dashboard() {
  const text = useAdminText();
  const { data, error, refetch } = useQuery(dashboardQuery);
  return (
    <>
      <PageHead title={text("admin.dashboard")} />
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Loading className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-28 lg:col-span-2" />
          <Skeleton className="h-44" />
          <Skeleton className="h-44" />
        </Loading>
      )}
      {data && (
        <div className="flex flex-col gap-4">
          <Totals data={data} />
          <div className="grid gap-4 lg:grid-cols-2">
            {series.map((s) => (
              <BarChart
                key={s}
                title={text(`admin.chart.${s}` as AdminKey)}
                days={data.days.map((d) => ({ day: d.day, n: d[s] }))}
              />
            ))}
          </div>
          <div className="grid gap-4 lg:grid-cols-3">
            <Storage storage={data.storage} />
            <Top top={data.top} />
            <Recent recent={data.recent} />
          </div>
        </div>
      )}
    </>
  );
}
