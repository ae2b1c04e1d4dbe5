import { DndContext, type DragEndEvent, KeyboardSensor, MouseSensor, TouchSensor, closestCenter, useSensor, useSensors } from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useText } from "@/i18n";
import { move } from "./actions";
import { dragTexts } from "./dragTexts";
import { QueueRow } from "./QueueRow";
import { usePlayer } from "./store";

const rowHeight = 56;

/** Every place of the queue, in order; played ones are quieter. */
export function QueueList({ scroller }: { scroller: HTMLElement | null }) {
  const text = useText();
  const queue = usePlayer((s) => s.queue);
  const index = usePlayer((s) => s.index);
  const keys = useMemo(() => queue.map((e) => e.key), [queue]);
  const [dragged, setDragged] = useState<string>();
  const list = useRef<HTMLOListElement>(null);

  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 120, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const rows = useVirtualizer({
    count: queue.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (i) => keys[i] ?? i,
    overscan: 6,
    // The row that is dragged stays, however far it goes.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const at = dragged === undefined ? -1 : keys.indexOf(dragged);
      return at < 0 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b);
    },
  });

  // Opens with the current song near the top.
  const opened = useRef(false);
  useEffect(() => {
    if (!scroller || opened.current) return;
    opened.current = true;
    scroller.scrollTop = Math.max(0, index - 1) * rowHeight;
  }, [scroller, index]);

  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    if (over && active.id !== over.id) move(keys.indexOf(String(active.id)), keys.indexOf(String(over.id)));
  };
  /** A row that is gone leaves the focus to the one in its place. */
  const focusRow = (at: number) =>
    requestAnimationFrame(() => {
      const left = usePlayer.getState().queue.length;
      const to = list.current?.querySelector<HTMLElement>(`[data-row="${Math.min(at, left - 1)}"] [data-play]`);
      (to ?? scroller?.closest<HTMLElement>("[role=dialog]"))?.focus();
    });

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={drop}
      accessibility={{ container: scroller ?? undefined, ...dragTexts(text, queue) }}
    >
      <SortableContext items={keys} strategy={verticalListSortingStrategy}>
        <ol ref={list} aria-label={text("player.queue")} className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const entry = queue[row.index];
            return entry && (
              <QueueRow
                key={entry.key}
                entry={entry}
                at={row.index}
                top={row.start}
                of={queue.length}
                current={index}
                onGone={focusRow}
              />
            );
          })}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
