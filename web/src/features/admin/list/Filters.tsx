import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { facetsQuery, objectQuery } from "../queries";
import { RelationPicker } from "../form/RelationPicker";
import { type AdminKey, useAdminText, useLabel } from "../texts";
import type { Filter, ModelInfo } from "../types";
import type { ListState } from "./listState";

/** The value of a relation's filter for objects without one. */
const noRelation = "-";
const dates = ["today", "week", "month", "year"] as const;

interface Choice {
  value: string;
  label: string;
  count?: number;
}

function Choices({ filter, choices, state }: { filter: Filter; choices: Choice[]; state: ListState }) {
  const text = useAdminText();
  const current = state.filters[filter.name];
  return (
    <ul className="flex flex-wrap gap-1.5 lg:flex-col lg:gap-0.5">
      {[{ value: "", label: text("admin.filter.all") } as Choice, ...choices].map((choice) => {
        const active = (current ?? "") === choice.value;
        return (
          <li key={choice.value}>
            <button
              type="button"
              aria-pressed={active}
              onClick={() => state.set({ [filter.name]: choice.value || undefined })}
              className={clsx(
                "flex min-h-8 w-full items-center gap-2 rounded-lg px-2.5 text-left text-sm transition-colors",
                active ? "bg-lifted font-medium text-strong" : "text-text hover:bg-lifted",
              )}
            >
              <span className="min-w-0 flex-1 truncate">{choice.label}</span>
              {choice.count !== undefined && <span className="text-xs text-quiet tabular-nums">{choice.count}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Finds the object to filter by, and names the one chosen, which need not be among the choices. */
function Relation({ filter, model, state }: { filter: Filter; model: string; state: ListState }) {
  const name = useLabel();
  const id = state.filters[filter.name];
  const chosen = id !== undefined && id !== noRelation;
  const { data } = useQuery({ ...objectQuery(model, id ?? ""), enabled: chosen });
  return (
    <div className="mb-1.5">
      <RelationPicker
        model={model}
        label={name(filter.label)}
        value={chosen && data ? data : null}
        onChange={(ref) => state.set({ [filter.name]: ref ? String(ref.id) : undefined })}
        compact
      />
    </div>
  );
}

/** What narrows a list, with how many rows each choice would leave if that is asked for. */
export function Filters({ model, state }: { model: ModelInfo; state: ListState }) {
  const text = useAdminText();
  const name = useLabel();
  const body = useId();
  const [open, setOpen] = useState(false); // on narrow screens, where they would cover the list
  const [counts, setCounts] = useState(true);
  const facets = useQuery(facetsQuery(model.name, { ...state.filters, q: state.q }, counts || model.filters.some((f) => f.kind === "choice")));
  if (model.filters.length === 0) return null;
  const choicesOf = (filter: Filter): Choice[] => {
    const found = facets.data?.[filter.name];
    const count = (value: string) => (counts ? (found?.find((c) => c.value === value)?.count ?? (found ? 0 : undefined)) : undefined);
    if (filter.kind === "date") {
      return dates.map((d) => ({ value: d, label: text(`admin.filter.${d}` as AdminKey), count: count(d) }));
    }
    if (filter.kind === "bool") {
      return [
        { value: "true", label: text("admin.yes"), count: count("true") },
        { value: "false", label: text("admin.no"), count: count("false") },
      ];
    }
    const choices = (found ?? []).map((c) => ({
      value: c.value,
      label: c.value === noRelation ? text("admin.filter.none") : filter.kind === "relation" ? c.label : name(c.label),
      count: counts ? c.count : undefined,
    }));
    const chosen = state.filters[filter.name];
    const rare = found && filter.kind === "choice" && chosen !== undefined && !choices.some((c) => c.value === chosen);
    return rare ? [...choices, { value: chosen, label: chosen, count: undefined }] : choices;
  };
  const active = Object.keys(state.filters);
  return (
    <aside aria-label={text("admin.filters")} className="flex flex-col gap-5 lg:w-56 lg:shrink-0">
      <div className="flex items-center gap-3">
        <h2 className="flex-1 text-sm font-semibold">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={body}
            onClick={() => setOpen(!open)}
            className="-ml-1 inline-flex h-8 items-center gap-1.5 rounded-lg pr-2 hover:text-strong lg:hidden"
          >
            <ChevronRight aria-hidden size={16} className={clsx("text-quiet transition-transform", open && "rotate-90")} />
            {text("admin.filters")}
            {active.length > 0 && <span className="rounded-full bg-lifted px-2 text-xs text-strong tabular-nums">{active.length}</span>}
          </button>
          <span className="max-lg:hidden">{text("admin.filters")}</span>
        </h2>
        {active.length > 0 && (
          <button
            type="button"
            className="text-xs text-accent hover:underline"
            onClick={() => state.set(Object.fromEntries(active.map((f) => [f, undefined])))}
          >
            {text("admin.filters.clear")}
          </button>
        )}
        <button
          type="button"
          aria-pressed={counts}
          className={clsx("text-xs text-quiet hover:text-strong", !open && "max-lg:hidden")}
          onClick={() => setCounts(!counts)}
        >
          {text(counts ? "admin.filters.hideCounts" : "admin.filters.showCounts")}
        </button>
      </div>
      <div id={body} className={clsx("flex-col gap-5 lg:flex", open ? "flex" : "hidden")}>
        {model.filters.map((filter) => (
          <section key={filter.name} aria-label={name(filter.label)}>
            <h3 className="mb-1 px-2.5 text-xs font-medium text-quiet">{name(filter.label)}</h3>
            {filter.kind === "relation" && filter.model && <Relation filter={filter} model={filter.model} state={state} />}
            <Choices filter={filter} choices={choicesOf(filter)} state={state} />
          </section>
        ))}
      </div>
    </aside>
  );
}
