import { fresh } from "@/api/media";
import { t } from "@/i18n";
import { toast } from "@/ui/toast";
import { listened } from "./plays";
import { getProgress, setProgress } from "./progress";
import { type Entry, following, upcoming } from "./queue";
import { type PlayerState, usePlayer } from "./store";

/** The next song is loaded when this one is, or when so many seconds are left. */
const prepareBefore = 20;
/** So many songs in a row that cannot be played end the playing. */
const failuresAllowed = 3;

const whole = (address: string) => new URL(address, location.href).href;

/**
 * Makes the store audible. It follows the store with two <audio> elements: one
 * is heard, the other holds the next song ready, so that one song follows the
 * other without waiting for the network.
 */
export class Engine {
  #heard: HTMLAudioElement;
  #spare: HTMLAudioElement;
  /** The entry that is heard. */
  #entry: Entry | undefined;
  /** The address that the spare element holds. */
  #prepared: string | undefined;
  /** Where the song shall begin once its length is known. */
  #startAt = 0;
  #failures = 0;
  /** The spare element took over without a click; some phones refuse that. */
  #tookOver = false;

  constructor(heard: HTMLAudioElement, spare: HTMLAudioElement) {
    this.#heard = heard;
    this.#spare = spare;
    for (const deck of [heard, spare]) this.#listen(deck);
  }

  /** Begins to follow the store; the current song stands at a time in seconds. */
  start(time: number): () => void {
    this.#follow(usePlayer.getState(), time);
    return usePlayer.subscribe((state) => this.#follow(state));
  }

  /** Goes to a time of the current song, in seconds. */
  seek(time: number): void {
    if (!this.#entry) return;
    const { duration } = getProgress();
    const to = Math.max(0, duration > 0 ? Math.min(time, duration) : time);
    if (this.#heard.readyState > 0) this.#heard.currentTime = to;
    else this.#startAt = to;
    setProgress({ time: to });
    // A song that has just ended pauses, and says so only later: whoever goes back in between hears it on.
    if (usePlayer.getState().playing && this.#heard.paused && to < duration) void this.#play();
  }

  #follow(state: PlayerState, time = 0): void {
    const entry = state.queue[state.index];
    for (const deck of [this.#heard, this.#spare]) {
      deck.volume = state.volume ** 2; // as loud as it looks: ears hear in logarithms
      deck.muted = state.muted;
    }
    if (entry?.key !== this.#entry?.key) this.#put(entry, time);
    if (!entry) return;
    if (state.playing && this.#heard.paused) void this.#play();
    if (!state.playing && !this.#heard.paused) this.#heard.pause();
  }

  /** Makes an entry the one that is heard. */
  #put(entry: Entry | undefined, time = 0): void {
    this.#entry = entry;
    this.#startAt = time;
    this.#tookOver = false;
    if (!entry) {
      this.#empty(this.#heard);
    } else if (this.#prepared === entry.song.audio && !this.#spare.error) {
      this.#swap();
      this.#empty(this.#spare);
      this.#tookOver = true;
      if (this.#heard.currentTime > 0) this.#heard.currentTime = 0;
    } else {
      this.#heard.preload = usePlayer.getState().playing ? "auto" : "metadata";
      this.#heard.src = fresh(entry.song.audio);
    }
    this.#prepared = undefined;
    setProgress({ time, duration: entry?.song.duration ?? 0, buffered: [], waiting: false });
    if (this.#tookOver) this.#report();
  }

  #swap(): void {
    [this.#heard, this.#spare] = [this.#spare, this.#heard];
  }

  #empty(deck: HTMLAudioElement): void {
    deck.pause();
    deck.removeAttribute("src");
    deck.load();
  }

  async #play(): Promise<void> {
    const deck = this.#heard;
    deck.preload = "auto";
    if (deck.error) deck.load();
    try {
      await deck.play();
    } catch (error) {
      // What cannot be loaded tells so by its error event; the rest are plays that a newer one replaced.
      if (deck !== this.#heard || !(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      if (this.#tookOver) this.#handBack();
      else usePlayer.setState({ playing: false });
    }
  }

  /** Tries once more with the element that the listener's own click started. */
  #handBack(): void {
    this.#tookOver = false;
    this.#swap();
    this.#empty(this.#spare);
    if (this.#entry) this.#heard.src = fresh(this.#entry.song.audio);
    void this.#play();
  }

  #listen(deck: HTMLAudioElement): void {
    const on = (types: (keyof HTMLMediaElementEventMap)[], handle: () => void) => {
      for (const type of types) deck.addEventListener(type, () => deck === this.#heard && handle());
    };
    on(["loadedmetadata"], () => {
      if (this.#startAt > 0) deck.currentTime = this.#startAt;
      this.#startAt = 0;
    });
    on(["loadedmetadata", "durationchange", "timeupdate", "progress", "seeked"], () => this.#report());
    on(["timeupdate"], () => {
      if (this.#entry && !deck.paused) listened(this.#entry, deck.currentTime, getProgress().duration);
      this.#prepare();
    });
    on(["waiting"], () => setProgress({ waiting: true }));
    on(["playing", "pause", "canplay", "error"], () => setProgress({ waiting: false }));
    on(["playing"], () => (this.#failures = 0));
    // Headphones were pulled out, a call came in, another program's buttons were used.
    on(["pause"], () => deck.paused && !deck.ended && !deck.error && usePlayer.setState({ playing: false }));
    on(["play"], () => !deck.paused && usePlayer.setState({ playing: true }));
    on(["ended"], () => deck.ended && this.#ended());
    on(["error"], () => this.#failed());
  }

  #report(): void {
    const deck = this.#heard;
    const buffered: [number, number][] = [];
    for (let i = 0; i < deck.buffered.length; i++) buffered.push([deck.buffered.start(i), deck.buffered.end(i)]);
    const known = Number.isFinite(deck.duration) && deck.duration > 0;
    setProgress({
      time: deck.readyState > 0 ? deck.currentTime : this.#startAt,
      duration: known ? deck.duration : (this.#entry?.song.duration ?? 0),
      buffered,
    });
  }

  /** Loads the next song into the spare element, when it is time. */
  #prepare(): void {
    const { queue, index, repeat, playing } = usePlayer.getState();
    const next = queue[upcoming(queue.length, index, repeat)]?.song.audio;
    if (!playing || !next || next === this.#prepared) return;
    const { time, duration, buffered } = getProgress();
    const whole = (buffered.at(-1)?.[1] ?? 0) >= duration - 0.5;
    if (!whole && duration - time > prepareBefore) return;
    this.#prepared = next;
    this.#spare.preload = "auto";
    this.#spare.src = fresh(next);
  }

  #ended(): void {
    const { queue, index, repeat } = usePlayer.getState();
    const next = upcoming(queue.length, index, repeat);
    if (next === index) {
      this.#put(queue[index]);
      if (!this.#tookOver) this.seek(0);
      void this.#play();
    } else if (next >= 0) {
      usePlayer.setState({ index: next });
    } else {
      usePlayer.setState({ index: 0, playing: false });
      this.seek(0);
    }
  }

  /** Takes up a song whose address has expired meanwhile, and says whether that was it. */
  #renewed(entry: Entry): boolean {
    const address = fresh(entry.song.audio);
    if (whole(address) === whole(this.#heard.src)) return false;
    this.#startAt = getProgress().time;
    this.#heard.src = address;
    void this.#play();
    return true;
  }

  #failed(): void {
    const { queue, index, repeat, playing } = usePlayer.getState();
    // A song that only stands ready is tried again when it shall be heard.
    if (!playing || !this.#entry || this.#renewed(this.#entry)) return;
    toast(t("player.failed", { title: this.#entry.song.title }), { kind: "error" });
    this.#failures++;
    const next = following(queue.length, index, repeat);
    if (this.#failures < failuresAllowed && next >= 0 && next !== index) {
      usePlayer.setState({ index: next });
      return;
    }
    if (this.#failures >= failuresAllowed) toast(t("player.gaveUp"), { kind: "error" });
    this.#failures = 0;
    usePlayer.setState({ playing: false });
  }
}
