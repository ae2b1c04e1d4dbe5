import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { components } from "@/api/schema";
import type { Identity } from "@/api/types";

export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: ({ signal }) => web.get<Identity[]>("account/identities", undefined, signal),
});

/** Sends the browser to a provider, to come back to the page of the links. */
export const useLink = () =>
  useMutation({
    mutationFn: async (provider: string) => {
      const body = { return: `/settings/security?linked=${encodeURIComponent(provider)}` };
      const { url } = await web.post<components["schemas"]["WebElsewhere"]>(`oidc/${encodeURIComponent(provider)}/link`, body);
      location.assign(url);
    },
  });

export function useUnlink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => web.delete<undefined>(`account/identities/${id}`),
    onSettled: () => client.invalidateQueries(identitiesQuery),
  });
}
