import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { web } from "@/api/client";
import { sessionQuery } from "@/api/session";
import type { components } from "@/api/schema";
import type { Factors } from "@/api/types";
import { createPasskey, type CreationOptions } from "./webauthn";

type Schemas = components["schemas"];
type NewApp = Schemas["WebNewTOTP"];
type Recovery = Schemas["WebRecovery"];
type AddedPasskey = Schemas["WebAddedPasskey"];
type Ceremony = Schemas["WebCeremony"];

export const factorsQuery = queryOptions({
  queryKey: ["factors"],
  queryFn: ({ signal }) => web.get<Factors>("account/factors", undefined, signal),
});

/** Asks again for what a change of the factors changes: a role may wait for one. */
function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries(factorsQuery),
      client.invalidateQueries(sessionQuery),
      client.invalidateQueries({ queryKey: ["admin"] }),
    ]);
}

export const useBeginApp = () =>
  useMutation({ mutationFn: (current: string) => web.post<NewApp>("account/factors/totp", { current }), gcTime: 0 });

export function useConfirmApp() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (code: string) => web.put<Recovery>("account/factors/totp", { code }),
    gcTime: 0,
    onSuccess: () => void refresh(),
  });
}

export function useRemoveApp() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (current: string) => web.post<undefined>("account/factors/totp/remove", { current }),
    onSettled: () => void refresh(),
  });
}

export function useAddPasskey() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ current, name }: { current: string; name: string }) => {
      const { options, state } = await web.post<Ceremony>("account/factors/passkeys", { current });
      const passkey = await createPasskey(options as CreationOptions);
      return web.put<AddedPasskey>("account/factors/passkeys", { state, name, passkey });
    },
    gcTime: 0,
    onSuccess: () => void refresh(),
  });
}

export function useRemovePasskey(id: number) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (current: string) => web.post<undefined>(`account/factors/passkeys/${id}/remove`, { current }),
    onSettled: () => void refresh(),
  });
}

export function useNewRecoveryCodes() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (current: string) => web.post<Recovery>("account/factors/recovery-codes", { current }),
    gcTime: 0,
    onSuccess: () => void refresh(),
  });
}
