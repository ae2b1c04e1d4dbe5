import type { Message } from "@/api/types";
import { readMessage } from "./songLink";

/** A message in one line, and whether a song is all there is to it. */
export function preview(message: Message): { line: string; song: boolean } {
  const { text, songId, label } = readMessage(message.content);
  const line = text.replace(/\s+/g, " ").trim();
  return line || songId === undefined ? { line, song: false } : { line: label ?? "", song: true };
}
