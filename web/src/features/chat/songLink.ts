import type { Song } from "@/api/types";

/** What a message says, and the song that it links to. */
export interface Parts {
  text: string;
  songId: number | undefined;
  /** "TITLE – ARTIST", as the sender's app wrote it above the link. */
  label: string | undefined;
}

export function songLink(song: Pick<Song, "id">, origin = location.origin): string {
  return `${origin}/song/${song.id}`;
}

/** The message that holds a song, after what else there is to say. */
export function songMessage(song: Pick<Song, "id" | "title" | "artist">, text = "", origin = location.origin): string {
  const card = `${song.title} – ${song.artist}\n${songLink(song, origin)}`;
  return text.trim() ? `${text.trim()}\n\n${card}` : card;
}

/** Takes the first link to a song of this server out of a message. */
export function readMessage(content: string, origin = location.origin): Parts {
  const escaped = origin.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const link = new RegExp(`(?<!\\S)${escaped}/song/(\\d{1,15})(?=[\\s.,;:!?)]|$)`).exec(content);
  if (!link) return { text: content, songId: undefined, label: undefined };
  let before = content.slice(0, link.index);
  const after = content.slice(link.index + link[0].length);
  let label: string | undefined;
  const above = /(?:^|\n)([^\n]+ – [^\n]+)\n$/.exec(before);
  if (above) {
    label = above[1];
    before = before.slice(0, above.index);
  }
  return { text: `${before.trim()}${before.trim() && after.trim() ? "\n" : ""}${after.trim()}`, songId: Number(link[1]), label };
}

export type Token = { kind: "text" | "link"; value: string };

/** Splits a text at its web addresses. */
export function tokens(text: string): Token[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'])/)
    .map((value, i): Token => ({ kind: i % 2 ? "link" : "text", value }))
    .filter(({ value }) => value);
}
