import { formatDate } from "@/i18n";
import { useAdminText } from "../texts";

interface BarChartProps {
  title: string;
  days: { day: string; n: number }[];
}

/** How many a day, as bars; the same numbers stand in a table for those who cannot see them. */
export function BarChart({ title, days }: BarChartProps) {
  const text = useAdminText();
  const most = Math.max(1, ...days.map((d) => d.n));
  const total = days.reduce((sum, d) => sum + d.n, 0);
  const width = 100 / Math.max(1, days.length);
  const first = days[0];
  const last = days.at(-1);
  return (
    <figure className="rounded-xl border border-line bg-raised p-5">
      <figcaption className="flex items-baseline justify-between gap-4">
        <span className="text-sm font-medium text-strong">{title}</span>
        <span className="text-xs text-quiet">{text("admin.chart.total", { count: total, days: days.length })}</span>
      </figcaption>
      <svg viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden className="mt-4 h-24 w-full">
        {days.map(({ day, n }, i) => {
          const height = n === 0 ? 0.6 : Math.max(1.5, (n / most) * 32);
          return (
            <rect
              key={day}
              x={i * width + width * 0.15}
              y={32 - height}
              width={width * 0.7}
              height={height}
              rx={0.4}
              className={n === 0 ? "fill-line" : "fill-accent"}
            >
              <title>{`${formatDate(day)}: ${n}`}</title>
            </rect>
          );
        })}
      </svg>
      {first && last && (
        <p aria-hidden className="mt-2 flex justify-between text-xs text-quiet">
          <span>{formatDate(first.day, { day: "numeric", month: "short" })}</span>
          <span>{formatDate(last.day, { day: "numeric", month: "short" })}</span>
        </p>
      )}
      <table className="sr-only">
        <caption>{title}</caption>
        <tbody>
          {days.map((d) => (
            <tr key={d.day}>
              <th scope="row">{formatDate(d.day)}</th>
              <td>{d.n}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
