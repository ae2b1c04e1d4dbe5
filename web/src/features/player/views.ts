import { create } from "zustand";
import { focusHolder, returnFocusTo } from "@/ui/focus";

/** Which of the player's views are open. */
interface Views {
  queue: boolean;
  nowPlaying: boolean;
  shortcuts: boolean;
}

export const useViews = create<Views>()(() => ({ queue: false, nowPlaying: false, shortcuts: false }));

export type View = keyof Views;

/** What had the focus before the first of them opened. */
let opener: Element | null = null;

const anyOpen = () => Object.values(useViews.getState()).includes(true);

/** Opens or closes a view. Queue and now playing cover each other, so one gives way. */
export function show(view: View, open: boolean): void {
  if (open && !anyOpen()) opener = focusHolder();
  const change: Partial<Views> = { [view]: open };
  if (open && view === "queue") change.nowPlaying = false;
  if (open && view === "nowPlaying") change.queue = false;
  useViews.setState(change);
}

export function flip(view: View): void {
  show(view, !useViews.getState()[view]);
}

/** When the last view has closed, puts the focus back. */
export function returnFocus(event: Event): void {
  event.preventDefault();
  if (!anyOpen()) returnFocusTo(opener);
}
