import type { Announcements, ScreenReaderInstructions, UniqueIdentifier } from "@dnd-kit/core";
import type { t } from "@/i18n";
import type { Entry } from "./queue";

interface DragTexts {
  announcements: Announcements;
  screenReaderInstructions: ScreenReaderInstructions;
}

/** What screen readers say while an entry is moved. */
export function dragTexts(text: typeof t, queue: Entry[]): DragTexts {
  const title = (id: UniqueIdentifier) => queue.find((e) => e.key === id)?.song.title ?? "";
  const place = (id: UniqueIdentifier) => queue.findIndex((e) => e.key === id) + 1;
  const at = (key: "player.drag.over" | "player.drag.dropped", id: UniqueIdentifier, over: UniqueIdentifier | undefined) =>
    text(key, { title: title(id), place: place(over ?? id), count: queue.length });
  return {
    screenReaderInstructions: { draggable: text("player.drag.help") },
    announcements: {
      onDragStart: ({ active }) => text("player.drag.start", { title: title(active.id), place: place(active.id) }),
      onDragOver: ({ active, over }) => at("player.drag.over", active.id, over?.id),
      onDragEnd: ({ active, over }) => at("player.drag.dropped", active.id, over?.id),
      onDragCancel: ({ active }) => text("player.drag.cancelled", { title: title(active.id) }),
    },
  };
}
