import { useEffect, useState } from "react";
import { t } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { errorText, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { RelationPicker } from "../form/RelationPicker";
import { usePreview, useRunAction } from "../queries";
import { useAdminText, useLabel } from "../texts";
import type { Action, ModelInfo, PreviewItem, Ref, Selection } from "../types";

/** What an action is about, and what goes along, of which the detail is the kind. */
function Items({ items, along }: { items: PreviewItem[]; along?: boolean }) {
  const name = useLabel();
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {items.map((item, i) => (
        // The list is shown once and never changes.
        <li key={i}>
          <span className="text-strong">{item.label}</span>
          {item.detail && <span className="text-quiet"> · {along ? name(item.detail) : item.detail}</span>}
          {item.items && item.items.length > 0 && (
            <div className="mt-1 ml-1.5 border-l border-line pl-3">
              <Items items={item.items} along />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

interface ActionDialogProps {
  model: ModelInfo;
  action: Action;
  selection: Selection;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before an action runs, and says what goes along. */
export function ActionDialog({ model, action, selection, onClose, onDone }: ActionDialogProps) {
  const text = useAdminText();
  const name = useLabel();
  const { mutate: look, data, error } = usePreview(model.name, action.name);
  const run = useRunAction(model.name, action.name);
  const [target, setTarget] = useState<Ref | null>(null);
  useEffect(() => look(selection), [look, selection]);
  const start = () =>
    run.mutate(action.value ? { ...selection, value: target ? String(target.id) : "" } : selection, {
      onSuccess: ({ done }) => {
        toast(text("admin.action.done", { action: name(action.label), count: done }));
        onDone();
      },
    });
  const failure = error ?? run.error;
  const question = [action.confirm && name(action.confirm), action.danger && text("admin.action.warning")].filter(Boolean).join(" ");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${name(action.label)}: ${data ? text("admin.count", { count: data.count }) : "…"}`}
      description={question || undefined}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind={action.danger ? "danger" : "primary"} busy={run.isPending} disabled={!data || (action.value?.required && !target)} onClick={start}>
            {name(action.label)}
          </Button>
        </>
      }
    >
      {failure && (
        <p role="alert" className="mb-3 text-sm text-danger">
          {errorText(failure)}
        </p>
      )}
      {action.value && (
        <Field label={name(action.value.label)} className="mb-4">
          {(control) => (
            <RelationPicker
              model={action.value?.model ?? ""}
              label={name(action.value?.label ?? "")}
              value={target}
              onChange={setTarget}
              control={{ id: control.id }}
            />
          )}
        </Field>
      )}
      {!data && !failure && (
        <Loading className="flex flex-col gap-2">
          <Skeleton className="h-4 w-2/3" />
          <Skeleton className="h-4 w-1/2" />
        </Loading>
      )}
      {data && (
        <div className="flex flex-col gap-4">
          {data.summary.length > 0 && (
            <section>
              <h3 className="mb-1 text-sm font-semibold">{text("admin.action.summary")}</h3>
              <ul className="flex flex-wrap gap-2 text-sm">
                {data.summary.map((s) => (
                  <li key={s.label} className="rounded-full bg-lifted px-3 py-1">
                    {name(s.label)}: <span className="text-strong tabular-nums">{s.count}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section>
            <h3 className="mb-1 text-sm font-semibold">{text("admin.action.objects")}</h3>
            <Items items={data.items} />
            {data.count > data.items.length && (
              <p className="mt-2 text-sm text-quiet">{text("admin.action.more", { count: data.count - data.items.length })}</p>
            )}
          </section>
        </div>
      )}
    </Dialog>
  );
}
