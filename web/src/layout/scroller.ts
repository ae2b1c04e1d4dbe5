import { createContext, useContext, useEffect, useRef } from "react";

/** The element that scrolls: the shell's main. Long lists measure themselves against it. */
export const ScrollerContext = createContext<HTMLElement | null>(null);

export const useScroller = (): HTMLElement | null => useContext(ScrollerContext);

/** Calls back when the element of the returned ref comes within a screen of being seen. */
export function useReached(onReached: () => void, enabled: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const scroller = useScroller();
  useEffect(() => {
    const element = ref.current;
    if (!element || !enabled) return;
    const observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && onReached(), {
      root: scroller,
      rootMargin: "100% 0px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, onReached, enabled]);
  return ref;
}
