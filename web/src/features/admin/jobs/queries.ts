import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { admin } from "@/api/client";
import type { FailedJobs, JobQueue, JobRun } from "../types";

/** How many rows come at a time; the server sends 500 at most. */
export const step = 20;
export const most = 500;

const often = { refetchInterval: 3_000, placeholderData: keepPreviousData } as const;

export const queuesQuery = queryOptions({
  queryKey: ["admin", "jobs", "queues"],
  queryFn: () => admin.get<JobQueue[]>("jobs/queues"),
  ...often,
});

export const runsQuery = (job: string, limit: number) =>
  queryOptions({
    queryKey: ["admin", "jobs", "runs", job, limit],
    queryFn: ({ signal }) => admin.get<JobRun[]>("jobs/runs", { job, limit }, signal),
    ...often,
  });

export const failedQuery = (limit: number) =>
  queryOptions({
    queryKey: ["admin", "jobs", "failed", limit],
    queryFn: ({ signal }) => admin.get<FailedJobs>("jobs/failed", { limit }, signal),
    ...often,
  });

const useAgain = () => {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["admin", "jobs"] });
};

export function useRetry() {
  const again = useAgain();
  return useMutation({ mutationFn: (id: number) => admin.post<undefined>(`jobs/failed/${id}/retry`), onSettled: again });
}

export function useDiscard() {
  const again = useAgain();
  return useMutation({ mutationFn: (id: number) => admin.delete<undefined>(`jobs/failed/${id}`), onSettled: again });
}
