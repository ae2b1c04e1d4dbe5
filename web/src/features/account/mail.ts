import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, web } from "@/api/client";
import { sessionQuery, useBecome } from "@/api/session";

/** Whether a link was refused because it does not hold, or not any more. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410 || error.fields.some((f) => f.name === "key"));
}

export const useRequestReset = () =>
  useMutation({ mutationFn: (email: string) => web.post<undefined>("password-reset", { email }) });

/** Sets a new password, which signs out whoever is signed in. */
export function useResetPassword() {
  const become = useBecome();
  return useMutation({
    mutationFn: (change: { key: string; password: string }) => web.post<undefined>("password-reset/confirm", change),
    onSuccess: () => become(null),
  });
}

/** Confirms an address, once however often it is drawn. */
export function useVerify(key: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["verify", key],
    queryFn: async () => {
      await web.post<unknown>("verify-email", { key });
      void client.invalidateQueries(sessionQuery);
      return true;
    },
    enabled: key !== "",
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export const useResendVerification = () =>
  useMutation({ mutationFn: () => web.post<undefined>("verify-email/resend") });
