import { useEffect, useState } from "react";

/** What a link in a mail carries, by name, "" for what it lacks. */
export function linkParams<Name extends string>(search: string, names: readonly Name[]): Record<Name, string> {
  const params = new URLSearchParams(search);
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as Record<Name, string>;
}

/**
 * What the link in a mail that led here carries. It leaves the address bar, and
 * with it the browser's history, since it may hold good for a while.
 */
export function useLinkParams<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const [params] = useState(() => linkParams(location.search, names));
  useEffect(() => history.replaceState(history.state, "", location.pathname), []);
  return params;
}
