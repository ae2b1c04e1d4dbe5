import clsx from "clsx";
import { useEffect, useRef, useState } from "react";
import { formatDate } from "@/i18n";
import { Field, Select } from "@/ui/Field";
import { PageHead } from "./AdminShell";
import { useAdminText } from "./texts";
import type { LogLine } from "./types";

const kept = 1000; // lines; older ones are let go
const colours: Record<string, string> = { ERROR: "text-danger", WARN: "text-accent", DEBUG: "text-quiet" };

/** The server's log as it is written. */
export function ServerLog() {
  const text = useAdminText();
  const [level, setLevel] = useState("INFO");
  const [lines, setLines] = useState<(LogLine & { id: number })[]>([]);
  const [live, setLive] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  useEffect(() => {
    let id = 0;
    const stream = new EventSource(`/admin/api/server-log?level=${level.toLowerCase()}`);
    stream.onopen = () => {
      setLive(true);
      setLines([]); // what comes after opening begins with the last lines again
    };
    stream.onerror = () => setLive(false);
    stream.onmessage = (e: MessageEvent<string>) => {
      const line = { ...(JSON.parse(e.data) as LogLine), id: ++id };
      setLines((old) => [...old.slice(1 - kept), line]);
    };
    return () => stream.close();
  }, [level]);
  useEffect(() => {
    const box = end.current;
    if (follow.current && box) box.scrollTop = box.scrollHeight;
  }, [lines]);
  return (
    <>
      <PageHead title={text("admin.serverLog")}>
        <span role="status" className={clsx("self-center text-sm", live ? "text-good" : "text-quiet")}>
          {text(live ? "admin.serverLog.live" : "admin.serverLog.connecting")}
        </span>
        <Field label={text("admin.serverLog.level")} className="flex-row items-center">
          {(control) => (
            <Select {...control} value={level} onChange={(e) => {
                setLevel(e.target.value);
                setLines([]);
              }} className="w-auto">
              {["DEBUG", "INFO", "WARN", "ERROR"].map((l) => (
                <option key={l}>{l}</option>
              ))}
            </Select>
          )}
        </Field>
      </PageHead>
      <div
        ref={end}
        role="log"
        aria-label={text("admin.serverLog")}
        // It scrolls, so it must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={(e) => {
          const box = e.currentTarget;
          follow.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
        }}
        className="h-[70dvh] overflow-auto rounded-xl border border-line bg-sunk p-4 font-mono text-xs leading-6"
      >
        {lines.length === 0 && <p className="text-quiet">{text("admin.serverLog.empty")}</p>}
        {lines.map((line) => (
          <p key={line.id} className="whitespace-pre-wrap">
            <span className="text-quiet">{formatDate(line.time, { timeStyle: "medium" })}</span>{" "}
            <span className={colours[line.level.toUpperCase()] ?? "text-sea"}>{line.level.toUpperCase().padEnd(5)}</span> <span className="text-strong">{line.message}</span>{" "}
            {Object.entries(line.attrs).map(([key, value]) => (
              <span key={key} className="text-quiet">
                {key}=<span className="text-text">{value}</span>{" "}
              </span>
            ))}
          </p>
        ))}
      </div>
    </>
  );
}
