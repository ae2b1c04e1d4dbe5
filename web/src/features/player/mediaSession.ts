import type { ImageSize } from "@/api/media";
import { sized } from "@/api/media";
import type { Song } from "@/api/types";
import { next, pause, play, previous, seek } from "./actions";
import { getProgress, onProgress } from "./progress";
import { usePlayer } from "./store";

const artworkSizes: ImageSize[] = [64, 160, 300, 640, 1200];
/** How far the system's own buttons jump, in seconds. */
const jump = 10;

function metadata(song: Song): MediaMetadata {
  return new MediaMetadata({
    title: song.title,
    artist: song.artist,
    album: song.albumTitle ?? "",
    artwork: song.image
      ? artworkSizes.map((size) => ({ src: sized(song.image, size), sizes: `${size}x${size}` }))
      : [],
  });
}

function handle(session: MediaSession, action: MediaSessionAction, run: MediaSessionActionHandler): void {
  try {
    session.setActionHandler(action, run);
  } catch {
    // A browser that does not know this button has none to handle.
  }
}

function position(session: MediaSession): void {
  const { time, duration } = getProgress();
  if (duration > 0) session.setPositionState({ duration, position: Math.min(time, duration), playbackRate: 1 });
  else session.setPositionState();
}

/** Puts the player onto lock screens, headphones and keyboards with media keys. */
export function startMediaSession(): void {
  if (!("mediaSession" in navigator)) return;
  const session = navigator.mediaSession;

  handle(session, "play", play);
  handle(session, "pause", pause);
  handle(session, "stop", pause);
  handle(session, "previoustrack", previous);
  handle(session, "nexttrack", next);
  handle(session, "seekbackward", (d) => seek(getProgress().time - (d.seekOffset ?? jump)));
  handle(session, "seekforward", (d) => seek(getProgress().time + (d.seekOffset ?? jump)));
  handle(session, "seekto", (d) => d.seekTime !== undefined && seek(d.seekTime));

  let shown: Song | undefined;
  const show = () => {
    const { queue, index, playing } = usePlayer.getState();
    const song = queue[index]?.song;
    if (song !== shown) session.metadata = song ? metadata(song) : null;
    shown = song;
    session.playbackState = !song ? "none" : playing ? "playing" : "paused";
    position(session);
  };
  usePlayer.subscribe(show);
  show();

  // The system counts along by itself; it is told of jumps and of new lengths only.
  let last = getProgress();
  onProgress(() => {
    const now = getProgress();
    const step = now.time - last.time;
    if (now.duration !== last.duration || step < 0 || step > 2) position(session);
    last = now;
  });
}
