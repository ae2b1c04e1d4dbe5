import { ChevronDown, ListMusic } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { Link } from "react-router";
import type { Song } from "@/api/types";
import { formatDuration, useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Cover } from "@/ui/Cover";
import { Glow } from "@/ui/Glow";
import { IconButton } from "@/ui/IconButton";
import { playAt } from "./actions";
import { Controls } from "./Controls";
import type { Entry } from "./queue";
import { SeekBar } from "./SeekBar";
import { useCurrent, usePlayer } from "./store";
import { returnFocus, show } from "./views";
import { Volume } from "./Volume";

/** So many of the songs to come are listed; the queue shows all. */
const listed = 12;

/** The song that plays, over the whole screen. */
export function NowPlaying() {
  const text = useText();
  const song = useCurrent();
  if (!song) return null;
  return (
    <Radix.Root open onOpenChange={(open) => show("nowPlaying", open)}>
      <Radix.Portal>
        <Radix.Content
          data-player
          aria-describedby=""
          onCloseAutoFocus={returnFocus}
          className="fixed inset-0 z-50 animate-[appear_0.2s_ease-out] overflow-x-hidden overflow-y-auto overscroll-contain bg-ground"
        >
          <Backdrop image={song.image} />
          <div className="relative mx-auto flex min-h-full max-w-7xl flex-col px-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] lg:px-10">
            <header className="flex h-16 shrink-0 items-center justify-between gap-4">
              <Radix.Close asChild>
                <IconButton icon={ChevronDown} label={text("player.closeNowPlaying")} className="-ml-2" />
              </Radix.Close>
              <Radix.Title className="truncate text-sm font-medium text-quiet">{text("player.nowPlaying")}</Radix.Title>
              <IconButton
                icon={ListMusic}
                label={text("player.openQueue")}
                onClick={() => show("queue", true)}
                className="-mr-2"
              />
            </header>
            <div className="grid flex-1 items-center gap-x-16 gap-y-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
              <Stage song={song} />
              <UpNext />
            </div>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The cover's colours, so faint that every text keeps its contrast. */
function Backdrop({ image }: { image: string }) {
  if (!image) return null;
  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 overflow-hidden opacity-[0.12]">
      <Glow image={image} />
    </div>
  );
}

function Stage({ song }: { song: Song }) {
  return (
    <div className="mx-auto flex w-full max-w-md flex-col gap-5">
      <Cover image={song.image} size={640} eager="(max-width: 40rem) 40dvh, 48dvh" className="mx-auto w-full max-w-[48dvh] rounded-2xl! shadow-float max-sm:max-w-[40dvh]" />
      <div className="min-w-0 text-center">
        <p className="display text-3xl text-balance break-words text-strong sm:text-4xl">
          <Link to={`/song/${song.id}`} className="hover:underline">
            {song.title}
          </Link>
        </p>
        <p className="mt-1.5 truncate text-quiet">
          <Link to={`/artist/${encodeURIComponent(song.artist)}`} className="hover:text-strong hover:underline">
            {song.artist}
          </Link>
          {song.albumId !== null && song.albumTitle && (
            <>
              {" · "}
              <Link to={`/album/${song.albumId}`} className="hover:text-strong hover:underline">
                {song.albumTitle}
              </Link>
            </>
          )}
        </p>
      </div>
      <SeekBar below />
      <Controls large />
      <Volume className="mx-auto w-full max-w-56 max-sm:hidden" />
    </div>
  );
}

function UpNext() {
  const text = useText();
  const queue = usePlayer((s) => s.queue);
  const index = usePlayer((s) => s.index);
  const coming = queue.slice(index + 1, index + 1 + listed);
  const more = queue.length - index - 1 - coming.length;
  return (
    <section aria-labelledby="up-next" className="w-full max-w-lg pb-4 max-lg:mx-auto lg:max-h-[calc(100dvh-8rem)] lg:overflow-y-auto">
      <h3 id="up-next" className="mb-2 px-2 text-sm font-semibold">
        {text("player.upNext")}
      </h3>
      {coming.length === 0 && <p className="px-2 text-sm text-quiet">{text("player.upNext.none")}</p>}
      <ol>
        {coming.map((entry, i) => (
          <Coming key={entry.key} entry={entry} onPlay={() => playAt(index + 1 + i)} />
        ))}
      </ol>
      {more > 0 && (
        <Button kind="ghost" size="small" className="mt-2" onClick={() => show("queue", true)}>
          {text("player.more", { count: more })}
        </Button>
      )}
    </section>
  );
}

function Coming({ entry: { song }, onPlay }: { entry: Entry; onPlay: () => void }) {
  const text = useText();
  return (
    <li>
      <button
        type="button"
        onClick={onPlay}
        className="flex h-14 w-full items-center gap-3 rounded-lg px-2 text-left transition-colors hover:bg-lifted"
      >
        <span className="sr-only">{text("player.play")}</span>
        <Cover image={song.image} size={64} className="size-10 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium text-strong">{song.title}</span>
          <span className="block truncate text-xs text-quiet">{song.artist}</span>
        </span>
        <span className="text-xs text-quiet tabular-nums">{formatDuration(song.duration)}</span>
      </button>
    </li>
  );
}
