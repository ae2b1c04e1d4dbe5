import type { Message } from "@/api/types";

/** A message and its place among those of one sender that follow each other closely. */
export interface Row {
  message: Message;
  starts: boolean;
  ends: boolean;
  /** The first that was unread when the conversation was opened. */
  unread: boolean;
}
export interface Day {
  /** The same for all times of that day. */
  key: string;
  /** Any time on that day. */
  at: string;
  rows: Row[];
}

/** After so long a pause a group ends, in milliseconds. */
const pause = 5 * 60_000;

/** Messages by day, and within a day grouped by sender. */
export function byDay(messages: Message[], firstUnread?: string): Day[] {
  const days: Day[] = [];
  let last: Row | undefined;
  for (const message of messages) {
    const key = new Date(message.at).toDateString();
    const unread = message.id === firstUnread;
    const newDay = days.at(-1)?.key !== key;
    if (newDay) days.push({ key, at: message.at, rows: [] });
    const before = newDay ? undefined : last?.message;
    const follows = before?.from === message.from && Date.parse(message.at) - Date.parse(before.at) < pause && !unread;
    if (last && follows) last.ends = false;
    last = { message, starts: !follows, ends: true, unread };
    days.at(-1)?.rows.push(last);
  }
  return days;
}
