import { useEffect, useState } from "react";

/** What a link carries, by name, "" for what it lacks. */
export function linkParams<Name extends string>(search: string, names: readonly Name[]): Record<Name, string> {
  const params = new URLSearchParams(search);
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as Record<Name, string>;
}

/** A query of which only some is left. */
export function onlyParams(search: string, names: readonly string[]): string {
  const left = new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => names.includes(name))).toString();
  return left && `?${left}`;
}

const none: readonly string[] = [];

/**
 * What the link that led here carries. It leaves the address bar, and with it
 * the browser's history, since it may hold good for a while, or tells of what is
 * over; what is to be kept stays. Both lists are constants.
 */
export function useLinkParams<Name extends string>(names: readonly Name[], kept = none): Record<Name, string> {
  const [params] = useState(() => linkParams(location.search, names));
  useEffect(() => history.replaceState(history.state, "", location.pathname + onlyParams(location.search, kept)), [kept]);
  return params;
}
