import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Song } from "@/api/types";
import { useSettled } from "@/features/people/settled";
import { formatDuration, useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { Dialog } from "@/ui/Dialog";
import { Input } from "@/ui/Field";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { songSearchQuery } from "./queries";

interface AttachSongProps {
  /** What to look for at first. */
  query: string;
  onClose: () => void;
  onChosen: (song: Song) => void;
}

/** Looks for a song to send along. */
export function AttachSong({ query, onClose, onChosen }: AttachSongProps) {
  const text = useText();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={text("chat.attach")}>
      <Search first={query} onChosen={onChosen} />
    </Dialog>
  );
}

function Search({ first, onChosen }: { first: string; onChosen: (song: Song) => void }) {
  const text = useText();
  const [q, setQ] = useState(first);
  const settled = useSettled(q.trim());
  const { data, error, isFetching, refetch } = useQuery(songSearchQuery(settled));
  return (
    <div className="flex h-96 max-h-[60dvh] flex-col">
      <Input
        type="search"
        autoFocus
        value={q}
        onChange={(e) => setQ(e.target.value)}
        placeholder={text("chat.attach.placeholder")}
        aria-label={text("chat.attach.placeholder")}
      />
      <div className="mt-3 min-h-0 flex-1 overflow-y-auto">
        {error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <>
            <p role="status" className={data.items.length > 0 ? "sr-only" : "py-8 text-center text-sm text-quiet"}>
              {data.items.length > 0 ? text("unit.songs", { count: data.total }) : text("chat.attach.none")}
            </p>
            <ul>
              {data.items.map((song) => (
                <li key={song.id}>
                  <button
                    type="button"
                    onClick={() => onChosen(song)}
                    className="flex h-14 w-full items-center gap-3 rounded-lg px-2 text-left transition-colors hover:bg-lifted"
                  >
                    <Cover image={song.image} size={64} className="size-10 shrink-0" />
                    <span className="min-w-0 flex-1">
                      <span className="block truncate text-sm font-medium text-strong">{song.title}</span>
                      <span className="block truncate text-xs text-quiet">{song.artist}</span>
                    </span>
                    <span className="text-xs text-quiet tabular-nums">{formatDuration(song.duration)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          isFetching && (
            <Loading className="flex flex-col gap-2">
              <Skeleton className="h-12" />
              <Skeleton className="h-12" />
              <Skeleton className="h-12" />
            </Loading>
          )
        )}
      </div>
    </div>
  );
}
