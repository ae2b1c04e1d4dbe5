import { beforeEach, describe, expect, it } from "vitest";
import * as actions from "./actions";
import { setProgress } from "./progress";
import { initial, usePlayer } from "./store";
import { song } from "./testSongs";

const songs = [1, 2, 3, 4].map((id) => song(id));
const state = usePlayer.getState;
const ids = () => state().queue.map((e) => e.song.id);

beforeEach(() => {
  usePlayer.setState(initial);
  setProgress({ time: 0, duration: 0, buffered: [], waiting: false });
});

describe("actions", () => {
  it("plays songs from an index on", () => {
    actions.playSongs(songs, 2);
    expect(state()).toMatchObject({ index: 2, playing: true });
  });

  it("does nothing without songs", () => {
    actions.playSongs([]);
    actions.toggle();
    actions.next();
    actions.previous();
    actions.removeAt(0);
    actions.clearQueue();
    expect(state()).toMatchObject(initial);
  });

  it.each([
    [1, 2, 1],
    [3, 2, 1],
    [3.5, 2, 2],
    [1, 0, 0],
    [9, 0, 0],
  ])("previous at %d s of index %d goes to %d", (time, index, want) => {
    actions.playSongs(songs.slice(0, 3), index);
    setProgress({ time });
    actions.previous();
    expect(state().index).toBe(want);
  });

  it("stops after the last song, and goes round when repeating", () => {
    actions.playSongs(songs, 3);
    actions.next();
    expect(state()).toMatchObject({ index: 0, playing: false });
    actions.playSongs(songs, 3);
    actions.cycleRepeat();
    actions.next();
    expect(state()).toMatchObject({ index: 0, playing: true });
  });

  it("goes on from a song that repeats", () => {
    actions.playSongs(songs, 1);
    usePlayer.setState({ repeat: "one" });
    actions.next();
    expect(state().index).toBe(2);
  });

  it("puts songs next and last", () => {
    actions.playSongs(songs.slice(0, 2));
    actions.playNext([song(8)]);
    actions.addToQueue([song(9)]);
    expect(ids()).toEqual([1, 8, 2, 9]);
  });

  it("plays what is put next into an empty queue, and holds ready what is added", () => {
    actions.addToQueue([song(9)]);
    expect(state()).toMatchObject({ index: 0, playing: false });
    usePlayer.setState(initial);
    actions.playNext([song(8)]);
    expect(state()).toMatchObject({ index: 0, playing: true });
  });

  it("moves an entry behind the current one, from either side", () => {
    actions.playSongs(songs, 1);
    actions.moveNext(3);
    expect(ids()).toEqual([1, 2, 4, 3]);
    actions.moveNext(0);
    expect([ids(), state().queue[state().index]?.song.id]).toEqual([[2, 1, 4, 3], 2]);
  });

  it("plays on when the current song is taken out, and stops when it was the last", () => {
    actions.playSongs(songs, 2);
    actions.removeAt(2);
    expect([ids(), state().index, state().playing]).toEqual([[1, 2, 4], 2, true]);
    actions.removeAt(2);
    expect([ids(), state().index, state().playing]).toEqual([[1, 2], 1, false]);
  });

  it("puts songs aside once, and takes them up again", () => {
    actions.playSongs(songs);
    actions.saveForLater(3);
    actions.saveSong(song(4));
    expect([ids(), state().later.map((s) => s.id)]).toEqual([[1, 2, 3], [4]]);
    actions.takeUp(4);
    expect([ids(), state().later]).toEqual([[1, 4, 2, 3], []]);
  });

  it("clears all but the song that plays", () => {
    actions.playSongs(songs, 1);
    actions.clearQueue();
    expect([ids(), state().index, state().playing]).toEqual([[2], 0, true]);
  });

  it("mutes, and lets the volume end the silence", () => {
    actions.toggleMute();
    expect(state().muted).toBe(true);
    actions.setVolume(1.7);
    expect(state()).toMatchObject({ volume: 1, muted: false });
    actions.setVolume(-1);
    actions.toggleMute();
    expect(state()).toMatchObject({ volume: 0.5, muted: false });
  });
});
