/**
 * Where to go after signing in: the path in ?next=, if it is one of this
 * server's own, else home. An address elsewhere would lend this form to whoever
 * wrote the link.
 */
export function ownPath(next: string | null, origin = location.origin): string {
  if (!next?.startsWith("/")) return "/";
  let url: URL;
  try {
    url = new URL(next, origin);
  } catch {
    return "/";
  }
  if (url.origin !== origin || /^\/(sign-in|register|forgot-password|reset-password|verify-email)(\/|$)/.test(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}

/** The address of a page of this folder that comes back to where one is now. */
export function comingBack(page: "/sign-in" | "/register" | "/forgot-password", next: string): string {
  return next === "/" ? page : `${page}?next=${encodeURIComponent(next)}`;
}
