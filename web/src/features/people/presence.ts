import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { idle } from "@/realtime/activity";
import { on } from "@/realtime/socket";
import { presenceQuery } from "./queries";

export interface Doing {
  activity: string;
  /** When that began, as far as this client knows; RFC 3339. */
  since: string;
}
type Online = Map<string, Doing>;

const usePresence = create<{ online: Online }>(() => ({ online: new Map() }));

/** What those who are online do, by the person's id. */
export const useOnline = (): Online => usePresence((s) => s.online);
export const useIsOnline = (id: string): boolean => usePresence((s) => s.online.has(id));

/** The same people with what they do now; who does the same as before keeps since when. */
export function withActivities(online: Online, activities: [string, string][], at: string): Online {
  const next = new Map(online);
  for (const [id, activity] of activities) {
    if (next.get(id)?.activity !== activity) next.set(id, { activity, since: at });
  }
  return next;
}

/** Exactly these people; who was there keeps what he does. */
export function withPeople(online: Online, ids: string[], at: string): Online {
  return new Map(ids.map((id) => [id, online.get(id) ?? { activity: idle, since: at }]));
}

/** How long newcomers gather before their names are asked for, in milliseconds. */
const gather = 400;

/** Follows who is online, until the returned function is called. */
export function startPresence(client: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => new Date().toISOString();
  const change = (by: (online: Online) => Online) => {
    usePresence.setState(({ online }) => ({ online: by(online) }));
    const named = client.getQueryData(presenceQuery.queryKey);
    if (!named) return;
    const known = new Set(named.map(({ person }) => person.id));
    if ([...usePresence.getState().online.keys()].every((id) => known.has(id))) return;
    clearTimeout(timer);
    timer = setTimeout(() => void client.invalidateQueries(presenceQuery), gather);
  };
  const stops = [
    on("users_online", (ids) => change((online) => withPeople(online, ids, now()))),
    on("activities", (list) => change((online) => withActivities(online, list, now()))),
    on("user_connected", (id) => change((online) => withActivities(online, online.has(id) ? [] : [[id, idle]], now()))),
    on("activity_updated", ({ userId, activity }) => change((online) => withActivities(online, [[userId, activity]], now()))),
    on("user_disconnected", (id) => change((online) => withPeople(online, [...online.keys()].filter((other) => other !== id), now()))),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    usePresence.setState({ online: new Map() });
  };
}
