import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Engine } from "./engine";
import { getProgress, setProgress } from "./progress";
import { begin, type Repeat } from "./queue";
import { initial, usePlayer } from "./store";
import { entries } from "./testSongs";

/** An <audio> element whose loading and playing the test decides; jsdom has none that plays. */
class Deck extends EventTarget {
  src = "";
  preload = "";
  volume = 1;
  muted = false;
  paused = true;
  ended = false;
  error: MediaError | null = null;
  readyState = 0;
  currentTime = 0;
  duration = NaN;
  buffered = { length: 0, start: () => 0, end: () => 0 };
  refuses = false;

  play(): Promise<void> {
    if (this.refuses) return Promise.reject(new DOMException("refused", "NotAllowedError"));
    this.paused = false;
    this.ended = false;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
  load(): void {
    this.paused = true;
    this.error = null;
    this.readyState = 0;
    this.currentTime = 0;
  }
  removeAttribute(): void {
    this.src = "";
  }
  fire(type: string): void {
    this.dispatchEvent(new Event(type));
  }
  loaded(duration: number): void {
    this.readyState = 4;
    this.duration = duration;
    this.fire("loadedmetadata");
  }
  fail(): void {
    this.error = { code: 4 } as MediaError;
    this.fire("error");
  }
  reach(time: number): void {
    this.currentTime = time;
    this.fire("timeupdate");
  }
  end(): void {
    this.paused = true;
    this.ended = true;
    this.fire("pause");
    this.fire("ended");
  }
}

let one: Deck;
let two: Deck;
let stop: () => void;

function start(keys: string, index = 0, more: { playing?: boolean; repeat?: Repeat } = {}, time = 0): Engine {
  usePlayer.setState({ ...initial, ...begin(entries(keys), index, false), ...more });
  const engine = new Engine(one as unknown as HTMLAudioElement, two as unknown as HTMLAudioElement);
  stop = engine.start(time);
  return engine;
}
const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

beforeEach(() => {
  one = new Deck();
  two = new Deck();
  stop = () => undefined;
  setProgress({ time: 0, duration: 0, buffered: [], waiting: false });
});
afterEach(() => stop());

describe("Engine", () => {
  it("stands ready at the time where the last visit ended", () => {
    start("ab", 1, {}, 65);
    expect([one.src, one.paused, one.preload]).toEqual(["/media/2.mp3", true, "metadata"]);
    one.loaded(200);
    expect([one.currentTime, getProgress().duration]).toEqual([65, 200]);
  });

  it("plays and pauses with the store, and the store with the element", () => {
    start("a");
    usePlayer.setState({ playing: true });
    expect(one.paused).toBe(false);
    one.pause();
    one.fire("pause");
    expect(usePlayer.getState().playing).toBe(false);
  });

  it("loads the next song in time and hands over to it", () => {
    start("ab", 0, { playing: true });
    one.loaded(200);
    one.reach(100);
    expect(two.src).toBe("");
    one.reach(185);
    expect(two.src).toBe("/media/2.mp3");
    one.end();
    expect([usePlayer.getState().index, two.paused, one.src]).toEqual([1, false, ""]);
  });

  it("loads another song when the queue changed meanwhile", () => {
    start("abc", 0, { playing: true });
    one.loaded(200);
    one.reach(185);
    const { queue } = usePlayer.getState();
    usePlayer.setState({ queue: [0, 2, 1].map((i) => queue[i]).filter((e) => e !== undefined) });
    one.reach(186);
    expect(two.src).toBe("/media/3.mp3");
  });

  it("stays with a song that is sought back in the moment of its end", () => {
    const engine = start("ab", 0, { playing: true });
    one.loaded(200);
    one.reach(200);
    one.paused = one.ended = true;
    engine.seek(195);
    one.fire("pause");
    one.fire("ended");
    expect(usePlayer.getState()).toMatchObject({ index: 0, playing: true });
    expect([one.currentTime, one.paused]).toEqual([195, false]);
  });

  it("hands over when the end is sought twice", () => {
    const engine = start("ab", 0, { playing: true });
    one.loaded(200);
    one.reach(200);
    one.paused = one.ended = true;
    engine.seek(200);
    one.fire("pause");
    one.fire("ended");
    expect(usePlayer.getState()).toMatchObject({ index: 1, playing: true });
  });

  it("plays one song again and again", () => {
    start("ab", 0, { playing: true, repeat: "one" });
    one.loaded(200);
    one.reach(190);
    one.end();
    expect([usePlayer.getState().index, two.src, two.paused]).toEqual([0, "/media/1.mp3", false]);
  });

  it("stops after the last song, with the first one ready", () => {
    start("ab", 1, { playing: true });
    one.loaded(200);
    one.end();
    expect(usePlayer.getState()).toMatchObject({ index: 0, playing: false });
    expect(one.src).toBe("/media/1.mp3");
  });

  it("goes on after a song that cannot be played", () => {
    start("abc", 0, { playing: true });
    one.fail();
    expect([usePlayer.getState().index, one.src]).toEqual([1, "/media/2.mp3"]);
  });

  it("takes up a song whose address has expired where it was", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000_000 });
    try {
      const signed = "/media/1.mp3?exp=1003600&sig=x";
      const queue = entries("ab").map((entry, i) => (i > 0 ? entry : { ...entry, song: { ...entry.song, audio: signed } }));
      usePlayer.setState({ ...initial, ...begin(queue, 0, false), playing: true });
      stop = new Engine(one as unknown as HTMLAudioElement, two as unknown as HTMLAudioElement).start(0);
      expect(one.src).toBe(signed);
      one.loaded(200);
      one.reach(42);
      vi.setSystemTime(1_004_000_000);
      one.fail();
      expect([one.src, usePlayer.getState().index]).toEqual(["/media/1.mp3", 0]);
      one.loaded(200);
      expect(one.currentTime).toBe(42);
      one.fail(); // which has another reason
      expect(usePlayer.getState().index).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gives up after three in a row", () => {
    start("abcdef", 0, { playing: true });
    for (let i = 0; i < 3; i++) one.fail();
    expect(usePlayer.getState()).toMatchObject({ index: 2, playing: false });
  });

  it("counts anew after a song that plays", () => {
    start("abcdef", 0, { playing: true });
    one.fail();
    one.fail();
    one.fire("playing");
    one.fail();
    expect(usePlayer.getState()).toMatchObject({ index: 3, playing: true });
  });

  it("says nothing of a song that only stands ready, and tries again when it shall play", () => {
    start("ab");
    one.fail();
    expect(usePlayer.getState()).toMatchObject({ index: 0, playing: false });
    usePlayer.setState({ playing: true });
    expect([one.error, one.paused]).toEqual([null, false]);
  });

  it("is paused when the browser refuses to play", async () => {
    one.refuses = true;
    start("a", 0, { playing: true });
    await settled();
    expect(usePlayer.getState().playing).toBe(false);
  });

  it("goes back to the element that may play when the other may not", async () => {
    two.refuses = true;
    start("ab", 0, { playing: true });
    one.loaded(200);
    one.reach(190);
    one.end();
    await settled();
    expect([one.src, one.paused, usePlayer.getState().playing]).toEqual(["/media/2.mp3", false, true]);
  });

  it("seeks before the song is loaded, and within its length", () => {
    const engine = start("a");
    engine.seek(50);
    one.loaded(200);
    expect(one.currentTime).toBe(50);
    engine.seek(900);
    expect(one.currentTime).toBe(200);
    engine.seek(-5);
    expect([one.currentTime, getProgress().time]).toEqual([0, 0]);
  });
});
