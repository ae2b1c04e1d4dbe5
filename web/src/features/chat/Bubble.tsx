import clsx from "clsx";
import type { ReactNode } from "react";
import { readMessage, tokens } from "./songLink";
import { SongBubble } from "./SongBubble";

interface BubbleProps {
  content: string;
  own: boolean;
  /** Not with the server yet. */
  faded?: boolean;
  /** Beside it, on the side of the middle. */
  aside?: ReactNode;
  /** At its outer lower corner. */
  mark?: ReactNode;
}

/** What somebody wrote, and the card of the song in it. */
export function Bubble({ content, own, faded, aside, mark }: BubbleProps) {
  const { text, songId, label } = readMessage(content);
  return (
    <div className={clsx("group/bubble flex items-end gap-1.5", own ? "flex-row-reverse" : "flex-row")}>
      {own && <span className="grid size-4 shrink-0 place-items-center pb-1">{mark}</span>}
      <div className={clsx("flex max-w-[85%] min-w-0 flex-col gap-1 sm:max-w-[75%]", own ? "items-end" : "items-start")}>
        {text && (
          <p
            className={clsx(
              "max-w-full rounded-2xl px-3.5 py-2 text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap",
              own ? "rounded-br-md" : "rounded-bl-md bg-lifted text-strong",
              own && (faded ? "bg-lifted text-text outline-1 -outline-offset-1 outline-sea outline-dashed" : "bg-sea text-ground"),
            )}
          >
            {tokens(text).map(({ kind, value }, i) =>
              kind === "link" ? (
                <a key={i} href={value} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
                  {value}
                </a>
              ) : (
                value
              ),
            )}
          </p>
        )}
        {songId !== undefined && <SongBubble id={songId} label={label} />}
      </div>
      {aside}
    </div>
  );
}
