import clsx from "clsx";
import { Check, Minus, Pause, Play } from "lucide-react";
import { Link } from "react-router";
import { formatDate, formatDuration, formatNumber } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { useAdminText, useLabel } from "../texts";
import { type Column, isRef, type Value } from "../types";
import { startPreview, stopPreview, usePreviewed } from "./preview";

/** Bytes in units of 1,024: "3.4 MiB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let n = bytes;
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${formatNumber(n, unit === 0 ? 0 : 1)} ${units[unit] ?? ""}`;
}

/** Plays a song within a list. */
function AudioPreview({ source, label }: { source: string; label: string }) {
  const text = useAdminText();
  const on = usePreviewed((s) => s.source === source);
  return (
    <IconButton
      icon={on ? Pause : Play}
      filled
      size="small"
      label={text(on ? "admin.preview.stop" : "admin.preview.play", { name: label })}
      onClick={() => (on ? stopPreview() : startPreview(source))}
    />
  );
}

function Flag({ on }: { on: boolean }) {
  const text = useAdminText();
  const Icon = on ? Check : Minus;
  return (
    <span className={clsx("inline-flex items-center gap-1.5", on ? "text-good" : "text-quiet")}>
      <Icon aria-hidden size={16} />
      <span className="sr-only">{text(on ? "admin.yes" : "admin.no")}</span>
    </span>
  );
}

/** One value of a row, as its column says. */
export function Cell({ column, value, label }: { column: Column; value: Value | undefined; label: string }) {
  const name = useLabel();
  if (value === null || value === undefined || value === "") {
    return column.kind === "image" ? <Cover image={null} size={64} className="size-9" /> : <span className="text-quiet">–</span>;
  }
  if (isRef(value)) {
    return column.model ? (
      <Link to={`/admin/${column.model}/${value.id}`} className="hover:text-accent hover:underline">
        {value.label}
      </Link>
    ) : (
      <>{value.label}</>
    );
  }
  switch (column.kind) {
    case "bool":
      return <Flag on={value === true} />;
    case "image":
      return <Cover image={String(value)} size={64} className="size-9" />;
    case "audio":
      return <AudioPreview source={String(value)} label={label} />;
    case "datetime":
      return (
        <time dateTime={String(value)} className="whitespace-nowrap tabular-nums">
          {formatDate(String(value), { dateStyle: "short", timeStyle: "short" })}
        </time>
      );
    case "date":
      return <time dateTime={String(value)}>{formatDate(String(value))}</time>;
    case "duration":
      return <span className="tabular-nums">{formatDuration(Number(value))}</span>;
    case "bytes":
      return <span className="tabular-nums">{formatBytes(Number(value))}</span>;
    case "number":
      return <span className="tabular-nums">{String(value)}</span>;
    case "badge":
      return (
        <span className="rounded-full border border-line bg-lifted px-2 py-0.5 text-xs text-strong">{name(String(value))}</span>
      );
    default:
      return <>{String(value)}</>;
  }
}
