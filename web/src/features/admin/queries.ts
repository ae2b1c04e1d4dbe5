import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { admin } from "@/api/client";
import type {
  AuditEntry,
  DashboardInfo,
  Facets,
  Job,
  ObjectRow,
  Option,
  Preview,
  RowPage,
  Selection,
  Site,
} from "./types";

export const siteQuery = queryOptions({ queryKey: ["admin", "site"], queryFn: () => admin.get<Site>("") });

export const dashboardQuery = queryOptions({
  queryKey: ["admin", "dashboard"],
  queryFn: () => admin.get<DashboardInfo>("dashboard"),
  staleTime: 5_000,
});

export type ListQuery = Record<string, string>;

export const rowsQuery = (model: string, query: ListQuery) =>
  queryOptions({
    queryKey: ["admin", "rows", model, query],
    queryFn: ({ signal }) => admin.get<RowPage>(model, query, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const facetsQuery = (model: string, query: ListQuery, enabled: boolean) =>
  queryOptions({
    queryKey: ["admin", "facets", model, query],
    queryFn: ({ signal }) => admin.get<Facets>(`${model}/facets`, query, signal),
    placeholderData: keepPreviousData,
    enabled,
  });

export const optionsQuery = (model: string, q: string, enabled = true) =>
  queryOptions({
    queryKey: ["admin", "options", model, q],
    queryFn: ({ signal }) => admin.get<Option[]>(`${model}/options`, { q, limit: 20 }, signal),
    placeholderData: keepPreviousData,
    enabled,
  });

export const objectQuery = (model: string, id: string) =>
  queryOptions({
    queryKey: ["admin", "object", model, id],
    queryFn: () => admin.get<ObjectRow>(`${model}/${id}`),
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false, // a form is not written over while it is filled in
  });

export const historyQuery = (model: string, id: string) =>
  queryOptions({
    queryKey: ["admin", "history", model, id],
    queryFn: () => admin.get<AuditEntry[]>(`${model}/${id}/history`),
    staleTime: 0,
  });

export const jobsQuery = queryOptions({
  queryKey: ["admin", "jobs"],
  queryFn: () => admin.get<Job[]>("jobs"),
  refetchInterval: 3_000,
});

/** Forgets what a change of any object may have changed: here and in the player. */
export function useForget() {
  const client = useQueryClient();
  return () =>
    client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] !== "session" && queryKey[1] !== "site",
    });
}

export function usePreview(model: string, action: string) {
  return useMutation({
    mutationFn: (s: Selection) => admin.post<Preview>(`${model}/actions/${action}`, s, { preview: 1 }),
  });
}

export function useRunAction(model: string, action: string) {
  const forget = useForget();
  return useMutation({
    mutationFn: (s: Selection) => admin.post<{ done: number }>(`${model}/actions/${action}`, s),
    onSuccess: forget,
  });
}

export function useSave(model: string, id: string | undefined) {
  const forget = useForget();
  return useMutation({
    mutationFn: (form: FormData) =>
      id === undefined ? admin.post<ObjectRow>(model, form) : admin.patch<ObjectRow>(`${model}/${id}`, form),
    onSuccess: forget,
  });
}
