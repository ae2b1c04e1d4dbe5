import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useScroller } from "@/layout/scroller";

/** The height of every row, in CSS pixels. */
const rowHeight = 56;

/** The rows only follow: where a view begins is the shell's to say. */
const follow = (): void => undefined;

interface VirtualRowsProps {
  count: number;
  row: (index: number) => ReactNode;
  onVisible?: (first: number, last: number) => void;
}

/** Rows of which only those near the view exist, however many there are. */
export function VirtualRows({ count, row, onVisible }: VirtualRowsProps) {
  const scroller = useScroller();
  const list = useRef<HTMLDivElement>(null);
  const margin = useOffset(list, scroller);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: margin,
    scrollToFn: follow,
  });
  const rows = virtual.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => onVisible?.(first, last), [first, last, onVisible]);
  return (
    <div ref={list} role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
      {rows.map(({ index, start }) => (
        <div
          key={index}
          role="row"
          aria-rowindex={index + 2}
          className="absolute inset-x-0 top-0"
          style={{ transform: `translateY(${start - margin}px)`, height: rowHeight }}
        >
          {row(index)}
        </div>
      ))}
    </div>
  );
}

/** How far below the scroller's top an element begins. */
function useOffset(ref: React.RefObject<HTMLElement | null>, scroller: HTMLElement | null): number {
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element || !scroller) return;
    const observer = new ResizeObserver(() => {
      const below = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      setOffset(Math.round(below + scroller.scrollTop));
    });
    // What stands above the list moves it when it is laid out anew.
    observer.observe(scroller);
    for (const child of scroller.children) observer.observe(child);
    return () => observer.disconnect();
  }, [ref, scroller]);
  return offset;
}
