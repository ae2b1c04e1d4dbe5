import { useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";

/** Give it as a link's state where focus should stay in the field that led there. */
export interface LinkState {
  keepFocus?: boolean;
}

// Views whose parts have addresses of their own: going between them is no change of view.
const wholes = ["/chat", "/settings"];

/** Whether two paths show different views, so that focus and scrolling begin anew. */
export function isNewView(from: string, to: string): boolean {
  if (from === to) return false;
  return !wholes.some((whole) => [from, to].every((path) => path === whole || path.startsWith(`${whole}/`)));
}

/** How long a view that was come back to may take to grow to where it was left. */
const patience = 2000;

/** Scrolls to a place, again as the view grows to hold it, until the reader scrolls. */
function scrollTo(main: HTMLElement, top: number): (() => void) | undefined {
  const reached = () => {
    main.scrollTop = top;
    return Math.abs(main.scrollTop - top) < 2;
  };
  if (reached()) return;
  const stop = new AbortController();
  const observer = new ResizeObserver(() => reached() && stop.abort());
  for (const child of main.children) observer.observe(child);
  const timer = setTimeout(() => stop.abort(), patience);
  stop.signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
  });
  for (const touch of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    main.addEventListener(touch, () => stop.abort(), { passive: true, signal: stop.signal });
  }
  return () => stop.abort();
}

/**
 * Moves focus to the main and scrolls to its top when the view changes, and to
 * where it was left when one comes back.
 */
export function useRouteChange(main: HTMLElement | null): void {
  const location = useLocation();
  const type = useNavigationType();
  const shown = useRef(location);
  const positions = useRef(new Map<string, number>());

  useEffect(() => {
    if (!main) return;
    const save = () => positions.current.set(shown.current.key, main.scrollTop);
    main.addEventListener("scroll", save, { passive: true });
    return () => main.removeEventListener("scroll", save);
  }, [main]);

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = location;
    if (!main || before === location) return;
    if (!isNewView(before.pathname, location.pathname)) {
      positions.current.set(location.key, main.scrollTop);
      return;
    }
    const back = type === "POP";
    const keepFocus = !back && (location.state as LinkState | null)?.keepFocus;
    if (!keepFocus) main.focus({ preventScroll: true });
    return scrollTo(main, back ? (positions.current.get(location.key) ?? 0) : 0);
  }, [main, location, type]);
}
