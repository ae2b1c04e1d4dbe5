import { useQuery } from "@tanstack/react-query";
import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { formatAgo, useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { errorText, Failed, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { useAdminText, useLabel } from "../texts";
import type { FailedJob } from "../types";
import { failedQuery, most, step, useDiscard, useRetry } from "./queries";
import { Section } from "./Section";

/** The tasks that were given up; whoever may can try them again or discard them. */
export function FailedTasks({ mayChange }: { mayChange: boolean }) {
  const text = useAdminText();
  const [limit, setLimit] = useState(step);
  const [discarding, setDiscarding] = useState<FailedJob>();
  const { data, error, refetch } = useQuery(failedQuery(limit));
  return (
    <Section title={text("admin.jobs.failed")} text={text("admin.jobs.failed.text")}>
      {data ? (
        data.total === 0 ? (
          <p className="text-sm text-quiet">{text("admin.jobs.failed.empty")}</p>
        ) : (
          <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
            {data.rows.map((task) => (
              <Row key={task.id} task={task} mayChange={mayChange} onDiscard={() => setDiscarding(task)} />
            ))}
          </ul>
        )
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-16" />
        </Loading>
      )}
      {data && data.total > data.rows.length && limit < most && (
        <Button size="small" className="mt-3" onClick={() => setLimit(Math.min(limit * 2, most))}>
          {text("admin.jobs.more")}
        </Button>
      )}
      {discarding && <Discard task={discarding} onClose={() => setDiscarding(undefined)} />}
    </Section>
  );
}

function Row({ task, mayChange, onDiscard }: { task: FailedJob; mayChange: boolean; onDiscard: () => void }) {
  const text = useAdminText();
  const name = useLabel()(task.label);
  const retry = useRetry();
  const again = () =>
    retry.mutate(task.id, {
      onSuccess: () => toast(text("admin.jobs.retried")),
      onError: (error) => toast(errorText(error), { kind: "error" }),
    });
  const facts = { added: formatAgo(task.added), failed: formatAgo(task.failed), node: task.node };
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 px-5 py-4">
      <div className="min-w-0 flex-1 basis-64 text-sm">
        <p className="font-medium text-strong">{name}</p>
        <p className="wrap-anywhere text-danger">{task.error}</p>
        <p className="wrap-anywhere text-quiet">
          {text("admin.jobs.failed.facts", facts)} · {text("admin.jobs.failed.attempts", { count: task.attempts })}
        </p>
      </div>
      {mayChange && (
        <div className="flex flex-wrap gap-2">
          <Button size="small" busy={retry.isPending} aria-label={text("admin.jobs.retry.named", { name })} onClick={again}>
            <RotateCcw aria-hidden size={14} />
            {text("admin.jobs.retry")}
          </Button>
          <Button size="small" kind="ghost" aria-label={text("admin.jobs.discard.named", { name })} onClick={onDiscard}>
            <Trash2 aria-hidden size={14} />
            {text("admin.jobs.discard")}
          </Button>
        </div>
      )}
    </li>
  );
}

function Discard({ task, onClose }: { task: FailedJob; onClose: () => void }) {
  const common = useText();
  const text = useAdminText();
  const label = useLabel();
  const discard = useDiscard();
  const run = () =>
    discard.mutate(task.id, {
      onSuccess: () => {
        toast(text("admin.jobs.discarded"));
        onClose();
      },
      onError: (error) => toast(errorText(error), { kind: "error" }),
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text("admin.jobs.discard.title")}
      description={text("admin.jobs.discard.text")}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button kind="danger" busy={discard.isPending} onClick={run}>
            {text("admin.jobs.discard")}
          </Button>
        </>
      }
    >
      <p className="text-sm text-text">{label(task.label)}</p>
    </Dialog>
  );
}
