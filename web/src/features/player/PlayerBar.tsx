import { ListMusic, Maximize2 } from "lucide-react";
import { useCallback, useEffect } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useMe } from "@/api/session";
import type { Song } from "@/api/types";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { later } from "@/ui/later";
import { Controls } from "./Controls";
import { usePlayerKeys } from "./keys";
import { countPlays } from "./plays";
import { ProgressLine, SeekBar } from "./SeekBar";
import { startPlayer } from "./start";
import { useCurrent } from "./store";
import { flip, show, useViews } from "./views";
import { Volume } from "./Volume";

const Queue = later(() => import("./Queue").then((m) => m.Queue));
const NowPlaying = later(() => import("./NowPlaying").then((m) => m.NowPlaying));
const Shortcuts = later(() => import("./Shortcuts").then((m) => m.Shortcuts));

/** What plays and what commands it: below every view; on phones in one short line. */
export function PlayerBar() {
  const text = useText();
  const song = useCurrent();
  const queueOpen = useViews((v) => v.queue);
  const me = useMe();
  const navigate = useNavigate();
  usePlayerKeys(useCallback(() => void navigate("/search"), [navigate]));
  useEffect(startPlayer, []);
  useEffect(() => countPlays(Boolean(me)), [me]);

  return (
    <section
      aria-label={text("player.region")}
      className={
        "relative z-30 shrink-0 items-center gap-x-4 border-t border-line bg-raised px-3 max-md:h-16 max-md:grid-cols-[minmax(0,1fr)_auto] " +
        "md:grid md:h-22 md:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)] md:px-4 " +
        (song ? "grid" : "max-md:hidden")
      }
    >
      <ProgressLine className="absolute inset-x-0 -top-px rounded-none! md:hidden" />
      {song ? <Current song={song} /> : <p className="text-sm text-quiet">{text("player.nothing")}</p>}
      <div className="flex min-w-0 flex-col gap-0.5">
        <Controls brief />
        <SeekBar className="max-md:hidden" />
      </div>
      <div className="flex min-w-0 items-center justify-end gap-1 max-md:hidden">
        <IconButton
          icon={ListMusic}
          label={text("player.queue")}
          aria-expanded={queueOpen}
          onPointerEnter={Queue.load}
          onFocus={Queue.load}
          onClick={() => flip("queue")}
          className={queueOpen ? "text-accent!" : undefined}
        />
        <Volume className="w-36 min-w-10 max-lg:w-auto max-lg:[&>div]:hidden" />
        <IconButton
          icon={Maximize2}
          label={text("player.fullScreen")}
          disabled={!song}
          onPointerEnter={NowPlaying.load}
          onFocus={NowPlaying.load}
          onClick={() => show("nowPlaying", true)}
        />
      </div>
      <NowHeard song={song} />
      <Views />
    </section>
  );
}

function Current({ song }: { song: Song }) {
  const text = useText();
  return (
    <div className="relative flex min-w-0 items-center gap-3">
      <button
        type="button"
        aria-label={text("player.openNowPlaying")}
        onClick={() => show("nowPlaying", true)}
        className="shrink-0 rounded-md after:absolute after:inset-0 md:after:hidden"
      >
        <Cover image={song.image} size={64} eager="(min-width: 48rem) 56px, 44px" className="size-11 md:size-14" />
      </button>
      <div className="min-w-0 leading-snug">
        <Link
          to={song.albumId === null ? `/song/${song.id}` : `/album/${song.albumId}`}
          className="block truncate text-sm leading-6 font-medium text-strong hover:underline"
        >
          {song.title}
        </Link>
        <Link
          to={`/artist/${encodeURIComponent(song.artist)}`}
          className="block truncate text-xs leading-6 text-quiet hover:text-strong hover:underline"
        >
          {song.artist}
        </Link>
      </div>
    </div>
  );
}

/** Tells screen readers which song began. */
function NowHeard({ song }: { song: Song | undefined }) {
  const text = useText();
  return (
    <p role="status" className="sr-only">
      {song ? text("player.nowHeard", { title: song.title, artist: song.artist }) : ""}
    </p>
  );
}

/** The views that come with chunks of their own, when they are opened. */
function Views() {
  const { queue, nowPlaying, shortcuts } = useViews();
  const { pathname } = useLocation();
  // Links in the full-screen view lead to what lies behind it.
  useEffect(() => show("nowPlaying", false), [pathname]);
  return (
    <>
      {queue && <Queue />}
      {nowPlaying && <NowPlaying />}
      {shortcuts && <Shortcuts />}
    </>
  );
}
