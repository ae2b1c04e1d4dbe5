import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/api/session";
import { conversationsQuery } from "./conversationsQuery";

/** How many messages wait to be read. */
export function useUnreadTotal(): number {
  const me = useMe();
  const { data } = useQuery({ ...conversationsQuery, enabled: Boolean(me) });
  return me ? (data?.items.reduce((sum, { unread }) => sum + unread, 0) ?? 0) : 0;
}

const badge = /^\(\d+\+?\) /;

/** Puts the number of unread messages before the title of the page, whoever sets that. */
export function useTitleBadge(): void {
  const unread = useUnreadTotal();
  useEffect(() => {
    const apply = () => {
      const plain = document.title.replace(badge, "");
      const title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${plain}` : plain;
      if (document.title !== title) document.title = title;
    };
    apply();
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [unread]);
}
