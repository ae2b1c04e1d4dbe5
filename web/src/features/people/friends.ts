import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useMe } from "@/api/session";
import type { Person } from "@/api/types";
import { listeningTo } from "./listening";
import { useOnline } from "./presence";
import { peopleQuery, presenceQuery } from "./queries";

export interface Friend {
  person: Person;
  online: boolean;
  activity: string | undefined;
  since: string | undefined;
}

const rank = (friend: Friend) => (listeningTo(friend.activity) ? 0 : friend.online ? 1 : 2);

/** Everybody else: who listens first, then who is online, then the rest; each by name. */
export function useFriends(q = "") {
  const me = useMe();
  const online = useOnline();
  const presence = useQuery({ ...presenceQuery, enabled: Boolean(me) });
  const people = useInfiniteQuery({ ...peopleQuery(q), enabled: Boolean(me), placeholderData: keepPreviousData });
  const friends = useMemo(() => {
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    const known = new Map<string, Person>();
    for (const { person } of presence.data ?? []) {
      const name = person.name.toLowerCase();
      if (online.has(person.id) && words.every((word) => name.includes(word))) known.set(person.id, person);
    }
    for (const page of people.data?.pages ?? []) for (const person of page.items) known.set(person.id, person);
    if (me) known.delete(me.id);
    const list = [...known.values()].map((person): Friend => {
      const doing = online.get(person.id);
      const told = presence.data?.find((p) => p.person.id === person.id && p.activity === doing?.activity);
      return { person, online: doing !== undefined, activity: doing?.activity, since: told?.since ?? doing?.since };
    });
    return list.sort((a, b) => rank(a) - rank(b) || a.person.name.localeCompare(b.person.name));
  }, [me, online, presence.data, people.data, q]);
  return { friends, people };
}
