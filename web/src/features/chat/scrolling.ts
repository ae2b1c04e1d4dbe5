import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end one follows what comes, in pixels. */
const near = 80;

/**
 * Scrolls a conversation: it opens at its end, or where `[data-first-unread]`
 * is; it follows what is added at the end while that is in view, and stands
 * still when older messages are put before.
 */
export function useThreadScroll(first: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const state = useRef({ height: 0, first: undefined as string | undefined, follows: true, opened: false });
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    state.current.follows = true;
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, []);

  useLayoutEffect(() => {
    const [element, now] = [box.current, state.current];
    if (!element) return;
    if (!now.opened) {
      now.opened = true;
      element.scrollTop = element.scrollHeight;
      const divider = element.querySelector("[data-first-unread]");
      if (divider && divider.getBoundingClientRect().top < element.getBoundingClientRect().top) {
        divider.scrollIntoView({ block: "start" });
        now.follows = false;
      }
    } else if (first !== now.first) {
      element.scrollTop += element.scrollHeight - now.height;
    }
    now.first = first;
    now.height = element.scrollHeight;
  }, [first]);

  useEffect(() => {
    const [element, inner, now] = [box.current, content.current, state.current];
    if (!element || !inner) return;
    const observer = new ResizeObserver(() => {
      if (now.follows) element.scrollTop = element.scrollHeight;
      now.height = element.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(element);
    const scrolled = () => {
      now.follows = element.scrollHeight - element.scrollTop - element.clientHeight < near;
      setAtEnd(now.follows);
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);

  return { box, content, atEnd, toEnd };
}

/** Calls back when the element of the returned ref comes near to being seen in the box. */
export function useNearing(box: RefObject<HTMLElement | null>, onNear: () => void, again: unknown) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && onNear(), {
      root: box.current,
      rootMargin: "600px 0px 0px 0px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, onNear, again]);
  return ref;
}
