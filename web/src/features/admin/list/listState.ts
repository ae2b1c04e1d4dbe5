import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ModelInfo } from "../types";

export const pageSize = 50;

/** The state of a list, which lives in the address, so that it can be shared and gone back to. */
export interface ListState {
  q: string;
  order: string;
  page: number;
  filters: Record<string, string>;
  /** What the server is asked. */
  query: Record<string, string>;
  set: (changes: Record<string, string | undefined>) => void;
}

export function useListState(model: ModelInfo): ListState {
  const [params, setParams] = useSearchParams();
  return useMemo(() => {
    const q = params.get("q") ?? "";
    const order = params.get("order") ?? model.order;
    const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
    const filters: Record<string, string> = {};
    for (const { name } of model.filters) {
      const value = params.get(name);
      if (value !== null) filters[name] = value;
    }
    const query = { ...filters, q, order, limit: String(pageSize), offset: String((page - 1) * pageSize) };
    const set = (changes: Record<string, string | undefined>) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          next.delete("page"); // whatever changes the rows begins at the first
          for (const [key, value] of Object.entries(changes)) {
            if (value === undefined || value === "") next.delete(key);
            else next.set(key, value);
          }
          return next;
        },
        { replace: "q" in changes },
      );
    return { q, order, page, filters, query, set };
  }, [model, params, setParams]);
}

/** The order after a click on a column: up, then down, then the other way again. */
export function nextOrder(order: string, column: string): string {
  return order === column ? `-${column}` : column;
}
