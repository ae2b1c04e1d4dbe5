import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Inbox, Plus, Search, SearchX } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Button, buttonClass } from "@/ui/Button";
import { Input } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { PageHead } from "../AdminShell";
import { rowsQuery } from "../queries";
import { useAdminText, useLabel } from "../texts";
import type { Action, ModelInfo, Row, Selection } from "../types";
import { ActionDialog } from "./ActionDialog";
import { Filters } from "./Filters";
import { type ListState, pageSize, useListState } from "./listState";
import { stopPreview } from "./preview";
import { Table } from "./Table";

function SearchField({ model, state }: { model: ModelInfo; state: ListState }) {
  const text = useAdminText();
  const name = useLabel();
  const { q, set } = state;
  const [words, setWords] = useState(q);
  const [seen, setSeen] = useState(q);
  if (seen !== q) {
    setSeen(q);
    setWords(q);
  }
  useEffect(() => {
    if (words === q) return;
    const timer = setTimeout(() => set({ q: words }), 250);
    return () => clearTimeout(timer);
  }, [words, q, set]);
  return (
    <div className="relative mb-4 max-w-xl">
      <Search aria-hidden size={16} className="absolute top-3 left-3 text-quiet" />
      <Input
        type="search"
        value={words}
        onChange={(e) => setWords(e.target.value)}
        aria-label={text("admin.search")}
        placeholder={model.searchHint ? name(model.searchHint) : text("admin.search")}
        className="pl-9"
      />
    </div>
  );
}

/** There is nothing to show, for want of objects or because it was asked for others. */
function NoRows({ narrowed }: { narrowed: boolean }) {
  const text = useAdminText();
  return narrowed ? (
    <Empty icon={SearchX} title={text("admin.empty")} text={text("admin.empty.text")} />
  ) : (
    <Empty icon={Inbox} title={text("admin.none")} />
  );
}

function Pager({ total, state }: { total: number; state: ListState }) {
  const text = useAdminText();
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1) return null;
  return (
    <nav aria-label={text("admin.pages")} className="mt-4 flex items-center justify-end gap-2 text-sm">
      <IconButton
        icon={ChevronLeft}
        label={text("admin.pages.previous")}
        disabled={state.page <= 1}
        onClick={() => state.set({ page: String(state.page - 1) })}
      />
      <span className="tabular-nums">{text("admin.pages.of", { page: state.page, last })}</span>
      <IconButton
        icon={ChevronRight}
        label={text("admin.pages.next")}
        disabled={state.page >= last}
        onClick={() => state.set({ page: String(state.page + 1) })}
      />
    </nav>
  );
}

interface BulkProps {
  model: ModelInfo;
  state: ListState;
  selected: Set<Row["id"]>;
  shown: number;
  total: number;
  clear: () => void;
}

function BulkBar({ model, state, selected, shown, total, clear }: BulkProps) {
  const text = useAdminText();
  const name = useLabel();
  const [wanted, setEverything] = useState(false);
  const everything = wanted && selected.size === shown;
  const [running, setRunning] = useState<{ action: Action; selection: Selection }>();
  if (selected.size === 0) return null;
  const selection: Selection = everything ? { all: true, q: state.q, filters: state.filters } : { ids: [...selected] };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2 rounded-xl border border-line bg-lifted px-4 py-2 text-sm">
      <span role="status" className="font-medium text-strong">
        {text("admin.selected", { count: everything ? total : selected.size })}
      </span>
      {!everything && selected.size === shown && total > shown && (
        <button type="button" className="text-accent hover:underline" onClick={() => setEverything(true)}>
          {text("admin.selectEverything", { count: total })}
        </button>
      )}
      <span className="flex-1" />
      {model.actions.map((action) => (
        <Button
          key={action.name}
          size="small"
          kind={action.danger ? "danger" : "secondary"}
          onClick={() => setRunning({ action, selection })}
        >
          {name(action.label)}
        </Button>
      ))}
      <Button size="small" kind="ghost" onClick={clear}>
        {text("admin.deselect")}
      </Button>
      {running && (
        <ActionDialog
          model={model}
          action={running.action}
          selection={running.selection}
          onClose={() => setRunning(undefined)}
          onDone={() => {
            setRunning(undefined);
            clear();
          }}
        />
      )}
    </div>
  );
}

/** The list of any model: search, filters, sorting, pages, and actions on what is ticked. */
export function ListPage({ model }: { model: ModelInfo }) {
  const text = useAdminText();
  const name = useLabel();
  const state = useListState(model);
  const { data, error, refetch } = useQuery(rowsQuery(model.name, state.query));
  useEffect(() => stopPreview, []);
  // What is ticked belongs to the rows it was ticked in.
  const [ticked, setTicked] = useState({ query: state.query, ids: new Set<Row["id"]>() });
  const selected = ticked.query === state.query ? ticked.ids : new Set<Row["id"]>();
  const setSelected = (ids: Set<Row["id"]>) => setTicked({ query: state.query, ids });
  return (
    <>
      <PageHead title={name(model.plural)}>
        {model.can.add && (
          <Link to={`/admin/${model.name}/add`} className={buttonClass("primary")}>
            <Plus aria-hidden size={17} />
            {text("admin.add", { name: name(model.label) })}
          </Link>
        )}
      </PageHead>
      <div className="flex flex-col gap-6 lg:flex-row-reverse lg:gap-8">
        <Filters model={model} state={state} />
        <div className="min-w-0 flex-1">
          {model.search && <SearchField model={model} state={state} />}
          {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
          {!data && !error && (
            <Loading className="flex flex-col gap-2">
              {Array.from({ length: 8 }, (_, i) => (
                <Skeleton key={i} className="h-11" />
              ))}
            </Loading>
          )}
          {data && (
            <>
              <p role="status" className="mb-3 text-sm text-quiet">
                {text("admin.count", { count: data.total })}
              </p>
              <BulkBar
                model={model}
                state={state}
                selected={selected}
                shown={data.rows.length}
                total={data.total}
                clear={() => setSelected(new Set())}
              />
              {data.rows.length === 0 ? (
                <NoRows narrowed={state.q !== "" || Object.keys(state.filters).length > 0} />
              ) : (
                <Table
                  model={model}
                  rows={data.rows}
                  state={state}
                  selected={selected}
                  onSelect={setSelected}
                  selectable={model.actions.length > 0}
                />
              )}
              <Pager total={data.total} state={state} />
            </>
          )}
        </div>
      </div>
    </>
  );
}
