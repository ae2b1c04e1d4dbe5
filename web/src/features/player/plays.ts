import { web } from "@/api/client";
import type { Entry } from "./queue";

/** A song counts as played after so many seconds, or half of it. */
const enough = 30;
/** Steps of the clock longer than this are jumps, not listening. */
const longestStep = 2;

/** How much of one song was heard. */
export interface Hearing {
  key: string;
  /** Where the clock stood last. */
  at: number;
  /** Seconds heard. */
  heard: number;
  counted: boolean;
}

/** What has been heard when the clock stands at `time` of an entry. A song that begins again is heard anew. */
export function hear(last: Hearing | undefined, key: string, time: number, duration: number): Hearing {
  if (last?.key !== key) return { key, at: time, heard: 0, counted: false };
  const step = time - last.at;
  const again = last.counted && step < 0 && time < longestStep;
  if (again) return { key, at: time, heard: 0, counted: false };
  const heard = last.heard + (step > 0 && step <= longestStep ? step : 0);
  const counted = last.counted || heard >= Math.min(enough, duration > 0 ? duration / 2 : enough);
  return { key, at: time, heard, counted };
}

let hearing: Hearing | undefined;
let signedIn = false;

/** Plays are counted for people only; the bar says whether one is signed in. */
export function countPlays(forSomebody: boolean): void {
  signedIn = forSomebody;
}

/** Takes note that the clock of an entry moved, and tells the server once it counts. */
export function listened(entry: Entry, time: number, duration: number): void {
  const before = hearing;
  hearing = hear(before, entry.key, time, duration);
  if (!hearing.counted || (before?.key === entry.key && before.counted) || !signedIn) return;
  // A play that is not counted is no reason to disturb the listener.
  web.post(`songs/${entry.song.id}/plays`).catch(() => undefined);
}
