import { Engine } from "./engine";
import { keep, keepTime, restoreTime } from "./persist";
import { getProgress, onProgress } from "./progress";
import { usePlayer } from "./store";

/** The time is kept when it moved by so many seconds. */
const keepEvery = 3;
/** The rest is kept when nothing changed for so many milliseconds. */
const settled = 200;

let engine: Engine | undefined;

/** Goes to a time of the current song, in seconds. */
export function seekTo(seconds: number): void {
  engine?.seek(seconds);
}

const currentKey = () => {
  const { queue, index } = usePlayer.getState();
  return queue[index]?.key;
};

function rememberState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => keep(usePlayer.getState());
  usePlayer.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(save, settled);
  });
  addEventListener("pagehide", save);
}

function rememberTime(): void {
  let kept = getProgress().time;
  const save = () => {
    const key = currentKey();
    if (!key) return;
    kept = getProgress().time;
    keepTime(key, kept);
  };
  onProgress(() => Math.abs(getProgress().time - kept) >= keepEvery && save());
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);
}

/**
 * Starts what plays, once for the life of the page: it belongs to no component,
 * so nothing that is shown or hidden interrupts the music.
 */
export function startPlayer(): void {
  if (engine) return;
  engine = new Engine(new Audio(), new Audio());
  engine.start(restoreTime(currentKey()));
  rememberState();
  rememberTime();
  const stop = usePlayer.subscribe(({ playing }) => {
    if (!playing) return;
    stop();
    // The system's own buttons are a page's once it has played something.
    void import("./mediaSession").then((m) => m.startMediaSession());
  });
}
