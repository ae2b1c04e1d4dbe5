import { useQuery } from "@tanstack/react-query";
import { Music2, Pause, Play } from "lucide-react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { playSongs, toggle } from "@/features/player/actions";
import { useCurrent, usePlayer } from "@/features/player/store";
import { songQuery } from "@/features/songs/queries";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { Skeleton } from "@/ui/State";

/** A song that somebody sent; it plays where it stands. */
export function SongBubble({ id, label }: { id: number; label: string | undefined }) {
  const text = useText();
  const { data: song, error } = useQuery(songQuery(id));
  const current = useCurrent();
  const playing = usePlayer((s) => s.playing);
  const isThis = current?.id === id;
  const active = isThis && playing;
  const gone = error instanceof ApiError && error.kind === "not_found";
  return (
    <div className="flex h-18 w-72 max-w-full items-center gap-3 rounded-2xl border border-line bg-raised p-2 pr-3">
      <span className="size-14 shrink-0">
        {song ? (
          <Cover image={song.image} size={64} className="rounded-lg" />
        ) : (
          <span className="grid size-14 place-items-center rounded-lg bg-lifted text-quiet">
            <Music2 aria-hidden size={20} />
          </span>
        )}
      </span>
      <span className="min-w-0 flex-1 text-left">
        {song ? (
          <>
            <Link
              to={`/song/${id}`}
              className={isThis ? "block truncate text-sm font-semibold text-accent hover:underline" : "block truncate text-sm font-semibold text-strong hover:underline"}
            >
              {song.title}
            </Link>
            <span className="block truncate text-xs text-quiet">{song.artist}</span>
          </>
        ) : label || error ? (
          <>
            <span className="block truncate text-sm font-medium text-text">{label ?? text("chat.aSong")}</span>
            {error && <span className="block text-xs text-quiet">{text(gone ? "chat.songGone" : "chat.songFailed")}</span>}
          </>
        ) : (
          <>
            <Skeleton className="mb-2 h-3.5 w-3/4" />
            <Skeleton className="h-3 w-1/2" />
          </>
        )}
      </span>
      {song && (
        <IconButton
          icon={active ? Pause : Play}
          filled
          primary
          size="normal"
          label={text(active ? "chat.pauseSong" : "chat.playSong", { title: song.title })}
          onClick={() => (isThis ? toggle() : playSongs([song]))}
        />
      )}
    </div>
  );
}
