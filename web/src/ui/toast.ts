import { create } from "zustand";

export interface Notice {
  id: number;
  text: string;
  kind: "info" | "error";
  /** One thing that can be done about it, such as undoing. */
  action?: { label: string; run: () => void };
}

/** The notices that are up; ever is set from the first on. */
export const useNotices = create<{ notices: Notice[]; ever: boolean }>(() => ({ notices: [], ever: false }));
let last = 0;

/** Shows a notice for a few seconds, from anywhere. */
export function toast(text: string, options: Partial<Pick<Notice, "kind" | "action">> = {}): void {
  const notice: Notice = { id: ++last, text, kind: "info", ...options };
  useNotices.setState(({ notices }) => ({ notices: [...notices.slice(-2), notice], ever: true }));
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((n) => n.id !== id) }));
}
