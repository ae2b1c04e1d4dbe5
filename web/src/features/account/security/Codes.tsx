import { Download } from "lucide-react";
import { useEffect, useRef } from "react";
import { useMe } from "@/api/session";
import { formatDate } from "@/i18n";
import { Button } from "@/ui/Button";
import { codesFile } from "./wording";
import { CopyButton } from "./CopyButton";
import { useSecurityText } from "./texts";

/** Recovery codes, which are seen this once. */
export function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const text = useSecurityText();
  const me = useMe();
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.focus(), []);
  const download = () => {
    const headings = [
      text("security.recovery.file", { site: location.host }),
      text("security.recovery.file.account", { email: me?.email ?? "" }),
      text("security.recovery.file.date", { date: formatDate(new Date().toISOString()) }),
    ];
    const url = URL.createObjectURL(new Blob([codesFile(headings, codes)], { type: "text/plain;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${location.hostname}-recovery-codes.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url)); // once the browser has begun to save it
  };
  return (
    <div ref={top} tabIndex={-1} role="group" aria-label={text("security.recovery")} className="flex flex-col gap-4 pt-1 pb-3 outline-none">
      <p className="text-sm text-text">{text("security.recovery.once")}</p>
      <ul className="grid gap-x-6 gap-y-1.5 rounded-xl border border-line bg-sunk px-4 py-3 font-mono text-sm text-strong sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton value={codes.join("\n")}>{text("security.recovery.copy")}</CopyButton>
        <Button size="small" onClick={download}>
          <Download aria-hidden size={14} />
          {text("security.recovery.download")}
        </Button>
      </div>
      <div className="flex justify-end">
        <Button kind="primary" onClick={onDone}>
          {text("security.recovery.kept")}
        </Button>
      </div>
    </div>
  );
}
