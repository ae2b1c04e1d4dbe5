import type { Song } from "@/api/types";
import { usePlayer } from "@/features/player/store";
import { tell, whenConnected } from "./socket";

export const idle = "Idle";

/** The server's limit, in characters. */
const maxActivity = 200;
/** So long a song must be the current one, in milliseconds: skipping through many says nothing. */
const settled = 300;

/** The line that others see of somebody who plays a song. */
export function activityOf(song: Song | undefined): string {
  if (!song) return idle;
  const line = [...`Playing ${song.title} by ${song.artist}`];
  return line.length > maxActivity ? `${line.slice(0, maxActivity - 1).join("")}…` : line.join("");
}

/**
 * Tells the others what plays here, until the returned function is called. A
 * tab that has played nothing says nothing, so that it does not silence another.
 */
export function startActivity(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = idle;
  const now = () => {
    const { queue, index, playing } = usePlayer.getState();
    return activityOf(playing ? queue[index]?.song : undefined);
  };
  const say = () => {
    const activity = now();
    if (activity === told) return;
    told = activity;
    tell("update_activity", { activity });
  };
  const stopPlayer = usePlayer.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(say, settled);
  });
  const stopConnection = whenConnected(() => {
    told = now();
    if (told !== idle) tell("update_activity", { activity: told });
  });
  return () => {
    clearTimeout(timer);
    stopPlayer();
    stopConnection();
  };
}
