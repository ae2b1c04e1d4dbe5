import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { web } from "@/api/client";
import { sessionQuery } from "@/api/session";
import type { Audience, Me, SignIn } from "@/api/types";

export const signInsQuery = queryOptions({
  queryKey: ["sign-ins"],
  queryFn: ({ signal }) => web.get<SignIn[]>("account/sign-ins", undefined, signal),
});

export interface ProfileChange {
  name?: string;
  email?: string;
  activityVisibleTo?: Audience;
  clearImage?: boolean;
  image?: File;
}

function body(change: ProfileChange): FormData | ProfileChange {
  if (!change.image) return change;
  const form = new FormData();
  for (const [key, value] of Object.entries(change)) {
    if (value !== undefined) form.set(key, value instanceof File ? value : String(value));
  }
  return form;
}

export function useUpdateProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProfileChange) => web.patch<Me>("account", body(change)),
    onSuccess: (me) => client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, me }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { current: string; password: string }) => web.put<undefined>("account/password", change),
    onSuccess: () => client.invalidateQueries(signInsQuery),
  });
}

export function useRevoke() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, id }: SignIn) => web.delete<undefined>(`account/sign-ins/${kind}/${id}`),
    onSettled: () => client.invalidateQueries(signInsQuery),
  });
}
