import { describe, expect, it } from "vitest";
import { readMessage, songMessage, tokens } from "./songLink";

const origin = "https://music.example";
const song = { id: 17, title: "Boléro", artist: "Maurice Ravel" };

describe("songMessage", () => {
  it("is read back", () => {
    expect(songMessage(song, "", origin)).toBe("Boléro – Maurice Ravel\nhttps://music.example/song/17");
    expect(readMessage(songMessage(song, "", origin), origin)).toEqual({ text: "", songId: 17, label: "Boléro – Maurice Ravel" });
  });
  it("is read back after a text of several lines", () => {
    expect(readMessage(songMessage(song, " Listen\nto this ", origin), origin)).toEqual({
      text: "Listen\nto this",
      songId: 17,
      label: "Boléro – Maurice Ravel",
    });
  });
});

describe("readMessage", () => {
  it.each([
    ["plain text", "Hello", "Hello", undefined],
    ["a bare link", `${origin}/song/3`, "", 3],
    ["within a sentence", `Try ${origin}/song/3, it is short.`, "Try\n, it is short.", 3],
    ["before more text", `${origin}/song/3\nGood?`, "Good?", 3],
    ["the first of two", `${origin}/song/3 ${origin}/song/4`, `${origin}/song/4`, 3],
    ["another server's", "https://evil.example/song/3", "https://evil.example/song/3", undefined],
    ["a host that only begins alike", "https://music.example.evil/song/3", "https://music.example.evil/song/3", undefined],
    ["within another address", `https://evil.example/?u=${origin}/song/3`, `https://evil.example/?u=${origin}/song/3`, undefined],
    ["a longer path", `${origin}/song/3/edit`, `${origin}/song/3/edit`, undefined],
    ["no number", `${origin}/song/three`, `${origin}/song/three`, undefined],
    ["a dot that is any character", "https://musicxexample/song/3", "https://musicxexample/song/3", undefined],
  ])("%s", (_, content, text, songId) => expect(readMessage(content, origin)).toMatchObject({ text, songId }));
});

describe("tokens", () => {
  it("finds addresses, without what ends the sentence", () => {
    expect(tokens("See https://a.example/b?c=1. Or (http://d.example).")).toEqual([
      { kind: "text", value: "See " },
      { kind: "link", value: "https://a.example/b?c=1" },
      { kind: "text", value: ". Or (" },
      { kind: "link", value: "http://d.example" },
      { kind: "text", value: ")." },
    ]);
  });
  it("leaves other schemes alone", () => expect(tokens("javascript:alert(1)")).toEqual([{ kind: "text", value: "javascript:alert(1)" }]));
});
