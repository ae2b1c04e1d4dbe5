import { useQuery } from "@tanstack/react-query";
import { ChevronRight, History, Trash2 } from "lucide-react";
import { type SyntheticEvent, useEffect, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { Button, buttonClass } from "@/ui/Button";
import { errorText, Failed, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { PageHead } from "../AdminShell";
import { ActionDialog } from "../list/ActionDialog";
import { objectQuery, useSave } from "../queries";
import { useAdminText, useLabel } from "../texts";
import type { ModelInfo, ObjectRow } from "../types";
import { type Draft, dirty, draftOf, editable, formOf, problems, visible } from "./formState";
import { FormField } from "./FormField";

interface FormPageProps {
  model: ModelInfo;
  models: ModelInfo[];
}

/** The form of any model, to add or to change. */
export function FormPage({ model, models }: FormPageProps) {
  const { id } = useParams();
  const name = useLabel();
  const object = useQuery({ ...objectQuery(model.name, id ?? ""), enabled: id !== undefined });
  const back = { to: `/admin/${model.name}`, label: name(model.plural) };
  if (id !== undefined && !object.data) {
    return (
      <>
        <PageHead title={name(model.label)} back={back} />
        {object.error ? (
          <Failed error={object.error} onRetry={() => void object.refetch()} />
        ) : (
          <Loading className="flex max-w-2xl flex-col gap-4">
            <Skeleton className="h-40" />
            <Skeleton className="h-40" />
          </Loading>
        )}
      </>
    );
  }
  // What was saved begins a fresh form.
  return <ModelForm key={id ? `${id} ${object.dataUpdatedAt}` : "add"} model={model} models={models} row={object.data} />;
}

type After = "list" | "another" | "stay";

function ModelForm({ model, models, row }: FormPageProps & { row: ObjectRow | undefined }) {
  const text = useAdminText();
  const name = useLabel();
  const navigate = useNavigate();
  const adding = row === undefined;
  const before = useMemo(() => draftOf(model, row), [model, row]);
  const [draft, setDraft] = useState<Draft>(before);
  const [round, setRound] = useState(0); // of forms, so that file inputs empty themselves
  const [deleting, setDeleting] = useState(false);
  const save = useSave(model.name, row ? String(row.id) : undefined);
  const wrong = problems(save.error);
  const writable = adding ? model.can.add : row.can.change;
  const changed = dirty(draft, before);
  const remove = model.actions.find((a) => a.name === "delete");

  useEffect(() => {
    if (!changed) return;
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [changed]);

  const submit = (after: After) =>
    save.mutate(formOf(model, draft, adding ? undefined : before), {
      onSuccess: (saved) => {
        toast(text(adding ? "admin.added" : "admin.changed", { name: saved.label }));
        setRound(round + 1);
        if (after === "list") void navigate(`/admin/${model.name}`);
        else if (after === "stay") void navigate(`/admin/${model.name}/${saved.id}`, { replace: true });
        else if (adding) setDraft(before);
        else void navigate(`/admin/${model.name}/add`);
      },
      onError: () => document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus(),
    });
  const onSubmit = (e: SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    e.preventDefault();
    submit((e.nativeEvent.submitter?.getAttribute("value") as After | null) ?? "list");
  };

  return (
    <>
      <PageHead
        title={adding ? text("admin.add", { name: name(model.label) }) : row.label}
        back={{ to: `/admin/${model.name}`, label: name(model.plural) }}
      >
        {row && (
          <Link to={`/admin/${model.name}/${row.id}/history`} className={buttonClass()}>
            <History aria-hidden size={16} />
            {text("admin.history")}
          </Link>
        )}
        {row?.can.delete && remove && (
          <Button kind="ghost" className="text-danger!" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden size={16} />
            {name(remove.label)}
          </Button>
        )}
      </PageHead>
      <div className="flex flex-col gap-8 xl:flex-row">
        <form key={round} noValidate onSubmit={onSubmit} className="flex min-w-0 max-w-3xl flex-1 flex-col gap-5">
          {save.error && (
            <p role="alert" className="rounded-xl border border-danger px-4 py-3 text-sm text-danger">
              {Object.keys(wrong).length > 0 ? text("admin.form.wrong") : errorText(save.error)}
            </p>
          )}
          {model.fieldsets.map((set) => {
            const fields = set.fields
              .map((f) => model.fields.find((field) => field.name === f))
              .filter((f) => f !== undefined)
              .filter((f) => visible(f, adding));
            if (fields.length === 0) return null;
            return (
              <details key={set.label} open={!set.collapsed} className="group rounded-xl border border-line bg-raised">
                <summary className="flex cursor-pointer items-center gap-2 rounded-xl px-5 py-3 text-sm font-semibold text-strong">
                  <ChevronRight aria-hidden size={16} className="text-quiet transition-transform group-open:rotate-90" />
                  {name(set.label)}
                </summary>
                <div className="grid gap-5 px-5 pt-1 pb-5">
                  {fields.map((field) => (
                    <FormField
                      key={field.name}
                      field={field}
                      value={draft[field.name]}
                      stored={row?.values[field.name]}
                      editable={writable && editable(field, adding)}
                      error={wrong[field.name]}
                      onChange={(value) => setDraft((old) => ({ ...old, [field.name]: value }))}
                    />
                  ))}
                </div>
              </details>
            );
          })}
          {writable ? (
            <div className="sticky bottom-0 flex flex-wrap gap-2 border-t border-line bg-ground py-4">
              <Button type="submit" kind="primary" value="list" busy={save.isPending}>
                {text("admin.save")}
              </Button>
              <Button type="submit" value="stay" disabled={save.isPending}>
                {text("admin.save.stay")}
              </Button>
              {model.can.add && (
                <Button type="submit" value="another" disabled={save.isPending}>
                  {text("admin.save.another")}
                </Button>
              )}
            </div>
          ) : (
            <Link to={`/admin/${model.name}`} className={buttonClass()}>
              {text("admin.close")}
            </Link>
          )}
        </form>
        {row && row.related.length > 0 && <RelatedObjects row={row} models={models} />}
      </div>
      {row && remove && deleting && (
        <ActionDialog
          model={model}
          action={remove}
          selection={{ ids: [row.id] }}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate(`/admin/${model.name}`)}
        />
      )}
    </>
  );
}

function RelatedObjects({ row, models }: { row: ObjectRow; models: ModelInfo[] }) {
  const text = useAdminText();
  const name = useLabel();
  const known = row.related.filter((r) => models.some((m) => m.name === r.model));
  return (
    <aside className="xl:w-64" aria-label={text("admin.related")}>
      <h2 className="mb-2 text-sm font-semibold">{text("admin.related")}</h2>
      <ul className="flex flex-col gap-1">
        {known.map((r) => (
          <li key={r.label}>
            <Link
              to={`/admin/${r.model}?${r.filter.name}=${encodeURIComponent(r.filter.value)}`}
              className="flex min-h-9 items-center gap-2 rounded-lg px-3 text-sm hover:bg-lifted hover:text-strong"
            >
              <span className="flex-1">{name(r.label)}</span>
              <span className="text-quiet tabular-nums">{r.count}</span>
            </Link>
          </li>
        ))}
      </ul>
    </aside>
  );
}
