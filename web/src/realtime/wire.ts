import type { Message } from "@/api/types";

/** A message as the events carry it. */
export interface WireMessage {
  _id: string;
  senderId: string;
  receiverId: string;
  content: string;
  createdAt: string;
}

/** What the server sends, by event. */
export interface Incoming {
  users_online: string[];
  activities: [id: string, activity: string][];
  user_connected: string;
  user_disconnected: string;
  activity_updated: { userId: string; activity: string };
  receive_message: WireMessage;
  message_sent: WireMessage;
  typing: { userId: string; typing: boolean };
  messages_read: { readerId: string; userId: string; messageId: string; at: string };
}

/** What the app sends, by event, and what of the acknowledgement it uses. */
export interface Outgoing {
  user_connected: { payload: string; answer: object };
  update_activity: { payload: { activity: string }; answer: object };
  send_message: { payload: { receiverId: string; content: string }; answer: { message: WireMessage } };
  typing: { payload: { userId: string; typing: boolean }; answer: object };
  mark_read: {
    payload: { userId: string; messageId?: string };
    answer: { unread: number; messageId: string | null };
  };
}

export function toMessage(wire: WireMessage): Message {
  return { id: wire._id, from: wire.senderId, to: wire.receiverId, content: wire.content, at: wire.createdAt };
}
