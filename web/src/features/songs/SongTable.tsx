import clsx from "clsx";
import { Clock } from "lucide-react";
import type { ReactNode } from "react";
import type { Song } from "@/api/types";
import { useText } from "@/i18n";
import { later } from "@/ui/later";
import { Loading } from "@/ui/State";
import { playOrToggle } from "./play";
import { type Columns, columnsClass, RowSkeleton, SongRow } from "./SongRow";

const VirtualRows = later(() => import("./VirtualRows").then((m) => m.VirtualRows));

/** So many rows cost nothing; more are made only where they are seen. */
const plainRows = 100;

interface SongTableProps extends Columns {
  songs: Song[];
  /** What the table holds, for screen readers. */
  label: string;
  /** Without it the songs become the queue. */
  onPlay?: (index: number) => void;
  /** Without the columns' names. */
  bare?: boolean;
}

/** Songs in rows, which play from there on. */
export function SongTable({ songs, label, onPlay, bare, ...columns }: SongTableProps) {
  const play = onPlay ?? ((index: number) => playOrToggle(songs, index));
  const row = (index: number) => {
    const song = songs[index];
    return song && <SongRow song={song} index={index} onPlay={play} {...columns} />;
  };
  return (
    <Frame label={label} count={songs.length} bare={bare} {...columns}>
      {songs.length > plainRows ? (
        <VirtualRows count={songs.length} row={row} before={<RowSkeleton />} />
      ) : (
        songs.map((song, index) => (
          // A song may be in a list twice.
          <div role="row" aria-rowindex={index + 2} key={`${song.id}-${index}`}>
            {row(index)}
          </div>
        ))
      )}
    </Frame>
  );
}

interface LongSongTableProps {
  /** How many there are, whether they are loaded or not. */
  count: number;
  songAt: (index: number) => Song | undefined;
  label: string;
  onPlay: (index: number) => void;
  /** Hears which rows are looked at, so that they can be loaded. */
  onVisible: (first: number, last: number) => void;
}

/** Songs that are loaded as one scrolls to them. */
export function LongSongTable({ count, songAt, label, onPlay, onVisible }: LongSongTableProps) {
  const row = (index: number) => {
    const song = songAt(index);
    if (song) return <SongRow song={song} index={index} onPlay={onPlay} />;
    return (
      <span role="cell" className="block">
        <RowSkeleton />
      </span>
    );
  };
  return (
    <Frame label={label} count={count}>
      <VirtualRows count={count} row={row} onVisible={onVisible} before={<RowSkeleton />} />
    </Frame>
  );
}

interface FrameProps extends Columns {
  label: string;
  count: number;
  bare?: boolean;
  children: ReactNode;
}

function Frame({ label, count, bare, album, children }: FrameProps) {
  const text = useText();
  return (
    <div role="table" aria-label={label} aria-rowcount={count + 1} className="-mx-2">
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={bare ? "sr-only" : clsx(columnsClass({ album }), "mb-2 h-9 rounded-none! border-b border-line text-xs text-quiet max-md:sr-only")}
        >
          <span role="columnheader" className={clsx("text-center", !album && "max-md:hidden")}>
            <span aria-hidden>#</span>
            <span className="sr-only">{text("browse.number")}</span>
          </span>
          <span role="columnheader">{text("browse.title")}</span>
          {!album && (
            <span role="columnheader" className="max-md:hidden">
              {text("browse.album")}
            </span>
          )}
          <span role="columnheader" className="justify-self-end max-md:hidden">
            <Clock aria-hidden size={14} />
            <span className="sr-only">{text("browse.duration")}</span>
          </span>
          <span role="columnheader">
            <span className="sr-only">{text("action.more")}</span>
          </span>
        </div>
      </div>
      <div role="rowgroup">{children}</div>
    </div>
  );
}

/** Grey stand-in for a table. */
export function TableSkeleton({ rows, ...columns }: Columns & { rows: number }) {
  return (
    <Loading className="-mx-2 animate-[pulse-soft_1.6s_ease-in-out_infinite]">
      {Array.from({ length: rows }, (_, i) => (
        <RowSkeleton key={i} {...columns} />
      ))}
    </Loading>
  );
}
