import clsx from "clsx";
import { Pause, Play } from "lucide-react";
import { Link } from "react-router";
import type { Song } from "@/api/types";
import { formatDuration, useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { Equaliser } from "./Equaliser";
import { artistPath, albumPath } from "./paths";
import { useStanding } from "./play";
import { SongMenu } from "./SongMenu";

/** What a table of songs shows of each. */
export interface Columns {
  /** On an album's page: neither covers nor albums. */
  album?: boolean;
  /** Where one page is of one artist: no names of artists. */
  artist?: boolean;
}

/** The columns' widths, the same for the head and for every row. */
export function columnsClass({ album }: Columns): string {
  return clsx(
    "grid items-center gap-x-4 rounded-lg px-2",
    album
      ? "grid-cols-[1.5rem_minmax(0,1fr)_2.5rem] md:grid-cols-[2rem_minmax(0,1fr)_3.5rem_2.5rem]"
      : "grid-cols-[minmax(0,1fr)_2.5rem] md:grid-cols-[2.5rem_minmax(0,5fr)_minmax(0,3fr)_3.5rem_2.5rem]",
  );
}

interface SongRowProps extends Columns {
  song: Song;
  index: number;
  onPlay: (index: number) => void;
}

/** One song of a table. All of the row plays it; links and menu lie above that. */
export function SongRow({ song, index, onPlay, album, artist }: SongRowProps) {
  const text = useText();
  const standing = useStanding(song);
  const current = standing !== "other";
  return (
    <div
      className={clsx(
        columnsClass({ album }),
        "group relative h-14 transition-colors hover:bg-lifted/60 has-focus-visible:bg-lifted/60 has-data-[state=open]:bg-lifted/60",
      )}
    >
      <span role="cell" className={clsx("text-center text-sm text-quiet tabular-nums", !album && "max-md:hidden")}>
        <Mark index={index} standing={standing} />
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-3">
        {!album && <Cover image={song.image} size={64} className="size-10 shrink-0" />}
        <span className="min-w-0">
          <button
            type="button"
            data-arrow
            aria-current={current || undefined}
            aria-label={text(standing === "playing" ? "browse.pauseSong" : "browse.playSong", {
              title: song.title,
              artist: song.artist,
            })}
            onClick={(event) => {
              if (event.detail < 2) onPlay(index); // who is used to double clicks must not pause at once
            }}
            className={clsx(
              "block max-w-full truncate text-left text-sm leading-6 font-medium outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent",
              current ? "text-accent" : "text-strong",
            )}
          >
            {song.title}
          </button>
          {!artist && (
            <Link
              to={artistPath(song.artist)}
              className="relative inline-block max-w-full truncate py-0.5 align-top text-sm leading-5 text-quiet hover:text-strong hover:underline"
            >
              {song.artist}
            </Link>
          )}
        </span>
      </span>
      {!album && (
        <span role="cell" className="min-w-0 max-md:hidden">
          {song.albumId !== null && (
            <Link
              to={albumPath(song.albumId)}
              className="relative inline-block max-w-full truncate py-0.5 align-middle text-sm text-quiet hover:text-strong hover:underline"
            >
              {song.albumTitle}
            </Link>
          )}
        </span>
      )}
      <span role="cell" className="text-right text-sm text-quiet tabular-nums max-md:hidden">
        {formatDuration(song.duration)}
      </span>
      <span role="cell" className="justify-self-end">
        <SongMenu song={song} hide={album ? "album" : undefined} className="relative" />
      </span>
    </div>
  );
}

function Mark({ index, standing }: { index: number; standing: ReturnType<typeof useStanding> }) {
  const Icon = standing === "playing" ? Pause : Play;
  return (
    <span className="grid h-5 place-items-center">
      <span className="group-hover:invisible [grid-area:1/1]">
        {standing === "other" ? (index + 1).toLocaleString() : <Equaliser moving={standing === "playing"} />}
      </span>
      <Icon aria-hidden size={16} fill="currentColor" className="invisible text-strong group-hover:visible [grid-area:1/1]" />
    </span>
  );
}

/** Grey stand-in for a row. */
export function RowSkeleton({ album }: Columns) {
  return (
    <div aria-hidden className={clsx(columnsClass({ album }), "h-14")}>
      <span className={clsx("mx-auto block h-3 w-4 rounded bg-lifted", !album && "max-md:hidden")} />
      <span className="flex items-center gap-3">
        {!album && <span className="block size-10 shrink-0 rounded-md bg-lifted" />}
        <span className="flex flex-1 flex-col gap-2">
          <span className="block h-3 w-2/5 rounded bg-lifted" />
          <span className="block h-3 w-1/4 rounded bg-lifted" />
        </span>
      </span>
      {!album && <span className="block h-3 w-1/2 rounded bg-lifted max-md:hidden" />}
      <span className="block h-3 w-8 justify-self-end rounded bg-lifted max-md:hidden" />
      <span />
    </div>
  );
}
