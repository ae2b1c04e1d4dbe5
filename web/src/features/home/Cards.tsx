import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Album, Song } from "@/api/types";
import { albumQuery } from "@/features/album/queries";
import { playSongs, toggle } from "@/features/player/actions";
import { useCurrent, usePlayer } from "@/features/player/store";
import { Equaliser } from "@/features/songs/Equaliser";
import { albumPath, artistPath } from "@/features/songs/paths";
import { playOrToggle, useStanding } from "@/features/songs/play";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";

const gridClass = "-mx-3 grid grid-cols-2 gap-y-2 sm:grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))]";
const shelfClass =
  "-mx-4 flex snap-x scroll-px-1 gap-y-2 overflow-x-auto px-1 [scrollbar-width:none] *:w-40 *:shrink-0 *:snap-start " +
  "sm:-mx-3 sm:grid sm:grid-cols-4 sm:overflow-visible sm:px-0 sm:*:w-auto";

interface CardGridProps {
  children: ReactNode;
  /** Few cards: four beside each other, on phones one row that scrolls sideways. */
  shelf?: boolean;
}

/** Cards side by side, as many as there is room for. Those far from view are not laid out. */
export function CardGrid({ children, shelf }: CardGridProps) {
  return (
    <ul
      className={shelf ? shelfClass : clsx(gridClass, "*:[contain-intrinsic-size:auto_17rem] *:[content-visibility:auto]")}
    >
      {children}
    </ul>
  );
}

const cardClass =
  "group relative rounded-xl p-3 transition-colors hover:bg-lifted/60 has-focus-visible:bg-lifted/60";
const nameClass =
  "block truncate text-sm leading-6 font-medium outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2";
const subClass = "relative inline-block max-w-full truncate py-0.5 align-top text-sm leading-5 text-quiet hover:text-strong hover:underline";
// Where nothing can hover, a touch of the card does it, and this shows only while it plays.
const bubbleClass =
  "absolute right-2 bottom-2 grid size-11 place-items-center rounded-full bg-accent text-on-accent shadow-float transition " +
  "group-hover:translate-y-0 group-hover:opacity-100 group-has-focus-visible:translate-y-0 group-has-focus-visible:opacity-100";
const bubbleShown = (shown: boolean) => clsx(bubbleClass, !shown && "translate-y-1 opacity-0 pointer-coarse:hidden");

/** How wide the covers of a shelf are. */
const shelfCover = "(min-width: 80rem) 280px, (min-width: 40rem) 22vw, 136px";

interface SongCardProps {
  songs: Song[];
  /** Which of the songs it is; the others play after it. */
  index: number;
}

/** A song as a card. It plays, and after it the others beside it. Its cover is fetched at once where it is above the fold. */
export function SongCard({ songs, index, above }: SongCardProps & { above?: boolean }) {
  const text = useText();
  const song = songs[index];
  const standing = useStanding(song);
  if (!song) return null;
  const Icon = standing === "playing" ? Pause : Play;
  return (
    <li className={cardClass}>
      <span className="relative block">
        <Cover image={song.image} size={300} eager={above ? shelfCover : undefined} className="rounded-lg!" />
        <span aria-hidden className={bubbleShown(standing === "playing")}>
          <Icon size={20} fill="currentColor" />
        </span>
      </span>
      <button
        type="button"
        aria-label={text(standing === "playing" ? "browse.pauseSong" : "browse.playSong", {
          title: song.title,
          artist: song.artist,
        })}
        onClick={() => playOrToggle(songs, index)}
        className={clsx(nameClass, "mt-3 w-full text-left", standing === "other" ? "text-strong" : "text-accent")}
      >
        {song.title}
      </button>
      <Link to={artistPath(song.artist)} className={subClass}>
        {song.artist}
      </Link>
    </li>
  );
}

/** A song as a low card, cover at the left. */
export function CompactCard({ songs, index }: SongCardProps) {
  const text = useText();
  const song = songs[index];
  const standing = useStanding(song);
  if (!song) return null;
  const label = text(standing === "playing" ? "browse.pauseSong" : "browse.playSong", {
    title: song.title,
    artist: song.artist,
  });
  return (
    <li className="group relative flex h-14 items-center gap-3 overflow-hidden rounded-lg bg-raised pr-3 transition-colors hover:bg-lifted sm:h-18">
      <Cover image={song.image} size={160} eager="(min-width: 40rem) 72px, 56px" className="h-full shrink-0 rounded-none!" />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-label={label}
          onClick={() => playOrToggle(songs, index)}
          className={clsx(nameClass, "w-full text-left font-semibold!", standing === "other" ? "text-strong" : "text-accent")}
        >
          {song.title}
        </button>
        <p className="truncate text-xs text-quiet group-hover:text-text sm:text-sm">{song.artist}</p>
      </div>
      {standing === "other" ? (
        <span
          aria-hidden
          className="absolute right-3 hidden size-9 place-items-center rounded-full bg-accent text-on-accent opacity-0 transition-opacity group-hover:opacity-100 group-has-focus-visible:opacity-100 lg:grid"
        >
          <Play size={18} fill="currentColor" />
        </span>
      ) : (
        <Equaliser moving={standing === "playing"} className="shrink-0 lg:mx-2.5" />
      )}
    </li>
  );
}

/** An album as a card, which leads to it; its button plays it. Looking at it loads it. */
export function AlbumCard({ album, year }: { album: Album; year?: boolean }) {
  const text = useText();
  const client = useQueryClient();
  const current = useCurrent()?.albumId === album.id;
  const playing = usePlayer((s) => s.playing) && current;
  const prefetch = () => void client.prefetchQuery(albumQuery(album.id));
  const play = async () => {
    if (current) return toggle();
    try {
      playSongs((await client.ensureQueryData(albumQuery(album.id))).songs);
    } catch (error) {
      toast(errorText(error), { kind: "error" });
    }
  };
  const Icon = playing ? Pause : Play;
  return (
    <li className={cardClass} onPointerEnter={prefetch} onFocus={prefetch}>
      <Cover image={album.image} size={300} className="rounded-lg!" />
      <Link to={albumPath(album.id)} data-arrow className={clsx(nameClass, "mt-3", current ? "text-accent" : "text-strong")}>
        {album.title}
      </Link>
      {year ? (
        <span className="block truncate text-sm leading-6 text-quiet">{album.year || text("unit.songs", { count: album.songCount })}</span>
      ) : (
        <Link to={artistPath(album.artist)} className={subClass}>
          {album.artist}
        </Link>
      )}
      <span className="pointer-events-none absolute inset-x-3 top-3 aspect-square">
        <button
          type="button"
          aria-label={text(playing ? "browse.pauseAlbum" : "browse.playAlbum", { title: album.title })}
          onClick={() => void play()}
          className={clsx(bubbleShown(playing), "pointer-events-auto hover:scale-105 hover:bg-accent-strong")}
        >
          <Icon aria-hidden size={20} fill="currentColor" />
        </button>
      </span>
    </li>
  );
}

/** Grey stand-ins for cards. */
export function CardSkeletons({ count, round }: { count: number; round?: boolean }) {
  return (
    <div className={clsx(gridClass, "animate-[pulse-soft_1.6s_ease-in-out_infinite]")}>
      {Array.from({ length: count }, (_, i) => (
        <span key={i} className="block p-3">
          <span className={clsx("block aspect-square bg-lifted", round ? "rounded-full" : "rounded-lg")} />
          <span className={clsx("mt-4 block h-3 w-3/4 rounded bg-lifted", round && "mx-auto")} />
          <span className={clsx("mt-3 block h-3 w-1/2 rounded bg-lifted", round && "mx-auto")} />
        </span>
      ))}
    </div>
  );
}
