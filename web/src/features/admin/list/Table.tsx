import clsx from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Link } from "react-router";
import { useAdminText, useLabel } from "../texts";
import type { ModelInfo, Row } from "../types";
import { Cell } from "./Cell";
import { type ListState, nextOrder } from "./listState";

interface TableProps {
  model: ModelInfo;
  rows: Row[];
  state: ListState;
  selected: Set<Row["id"]>;
  onSelect: (selected: Set<Row["id"]>) => void;
  selectable: boolean;
}

const checkbox = "size-4 accent-(--accent)";

/** The rows of a list, with their columns to sort by and boxes to tick. */
export function Table({ model, rows, state, selected, onSelect, selectable }: TableProps) {
  const text = useAdminText();
  const name = useLabel();
  const all = rows.length > 0 && rows.every((r) => selected.has(r.id));
  const title = model.columns.find((c) => c.kind !== "image" && c.kind !== "audio")?.name;
  const toggle = (id: Row["id"]) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    // A wide table scrolls within its frame, which must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="relative overflow-x-auto rounded-xl border border-line bg-raised" role="region" aria-label={name(model.plural)} tabIndex={0}>
      <table className="w-full text-left text-sm">
        <thead className="border-b border-line text-xs text-quiet">
          <tr>
            {selectable && (
              <th className="w-10 py-2.5 pl-4">
                <input
                  type="checkbox"
                  className={checkbox}
                  aria-label={text("admin.selectAll")}
                  checked={all}
                  ref={(box) => {
                    if (box) box.indeterminate = !all && selected.size > 0;
                  }}
                  onChange={() => onSelect(all ? new Set() : new Set(rows.map((r) => r.id)))}
                />
              </th>
            )}
            {model.columns.map((column) => {
              const sorted = state.order === column.name ? "ascending" : state.order === `-${column.name}` ? "descending" : undefined;
              const Arrow = sorted === "ascending" ? ArrowUp : ArrowDown;
              return (
                <th key={column.name} scope="col" aria-sort={sorted} className="px-3 py-2.5 font-medium whitespace-nowrap">
                  {column.sortable ? (
                    <button
                      type="button"
                      className={clsx("inline-flex min-h-6 items-center gap-1 hover:text-strong", sorted && "text-strong")}
                      onClick={() => state.set({ order: nextOrder(state.order, column.name) })}
                    >
                      {name(column.label)}
                      {sorted && <Arrow aria-hidden size={13} />}
                    </button>
                  ) : (
                    name(column.label)
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              className={clsx("border-b border-line last:border-0 hover:bg-lifted/50", selected.has(row.id) && "bg-lifted")}
            >
              {selectable && (
                <td className="py-2 pl-4">
                  <input
                    type="checkbox"
                    className={checkbox}
                    aria-label={text("admin.select", { name: row.label })}
                    checked={selected.has(row.id)}
                    onChange={() => toggle(row.id)}
                  />
                </td>
              )}
              {model.columns.map((column) => (
                <td key={column.name} className="max-w-72 truncate px-3 py-2">
                  {column.name === title ? (
                    <Link to={`/admin/${model.name}/${row.id}`} className="font-medium text-strong hover:text-accent hover:underline">
                      <Cell column={{ ...column, model: undefined }} value={row.values[column.name]} label={row.label} />
                    </Link>
                  ) : (
                    <Cell column={column} value={row.values[column.name]} label={row.label} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
