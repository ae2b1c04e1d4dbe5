import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { web } from "./client";
import { forgetGiven, given } from "./given";
import type { Me, Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => web.get<Session>("session"),
  initialData: () => given<Session>("session"),
  staleTime: 5 * 60_000,
});

/** Who is signed in; undefined while that is asked, null for nobody. */
export function useMe(): Me | null | undefined {
  return useQuery(sessionQuery).data?.me;
}

/** Stores who is signed in now, and forgets all that was loaded for somebody else. */
export function useBecome() {
  const client = useQueryClient();
  return (me: Me | null) => {
    forgetGiven();
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    client.setQueryData(sessionQuery.queryKey, (session) => ({ version: "", private: false, ...session, me }));
  };
}

export interface Credentials {
  email: string;
  password: string;
}

export function useSignIn() {
  const become = useBecome();
  return useMutation({ mutationFn: (c: Credentials) => web.post<Me>("session", c), onSuccess: become });
}

export function useRegister() {
  const become = useBecome();
  return useMutation({
    mutationFn: (c: Credentials & { fullName: string; invitation?: string }) => web.post<Me>("account", c),
    onSuccess: become,
  });
}

export function useSignOut() {
  const become = useBecome();
  return useMutation({ mutationFn: () => web.delete<undefined>("session"), onSuccess: () => become(null) });
}
