import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { sessionQuery, useMe } from "@/api/session";
import { startChat } from "@/features/chat/live";
import { useTitleBadge } from "@/features/chat/unread";
import { startPresence } from "@/features/people/presence";
import { startActivity } from "./activity";
import { connect } from "./socket";

/** Keeps the connection while somebody is signed in; once, in the shell. It shows nothing. */
export function Realtime() {
  const client = useQueryClient();
  const id = useMe()?.id;
  useTitleBadge();
  useEffect(() => {
    if (!id) return;
    const stops = [
      startPresence(client),
      startChat(client, id),
      startActivity(),
      connect(id, () => void client.invalidateQueries(sessionQuery)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, id]);
  return null;
}
