import { useQuery } from "@tanstack/react-query";
import { web } from "@/api/client";
import type { Invitation } from "@/api/types";

/** Whom the key of an invitation's link is for. */
export const useInvitation = (key: string) =>
  useQuery({
    queryKey: ["invitation", key],
    queryFn: () => web.post<Invitation>("invitation", { key }),
    enabled: key !== "",
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnReconnect: false,
  });
