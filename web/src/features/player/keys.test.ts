import { afterEach, describe, expect, it } from "vitest";
import { type Command, commandOf, isTaken } from "./keys";

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

describe("commandOf", () => {
  it.each<[string, Partial<typeof none>, Command | undefined]>([
    [" ", {}, "toggle"],
    [" ", { shiftKey: true }, undefined],
    ["ArrowLeft", {}, "back"],
    ["ArrowRight", { shiftKey: true }, "next"],
    ["ArrowUp", {}, undefined],
    ["ArrowUp", { shiftKey: true }, "louder"],
    ["m", {}, "mute"],
    ["M", {}, "mute"], // caps lock
    ["M", { shiftKey: true }, undefined],
    ["s", { ctrlKey: true }, undefined],
    ["f", { metaKey: true }, undefined],
    ["?", { shiftKey: true }, "help"],
    ["/", { shiftKey: true }, "search"], // as on German keyboards
    ["x", {}, undefined],
  ])("%s %o is %s", (key, held, want) => {
    expect(commandOf({ ...none, ...held, key })).toBe(want);
  });
});

describe("isTaken", () => {
  afterEach(() => document.body.replaceChildren());

  it.each<[string, Command, boolean]>([
    ['<p id="t">', "mute", false],
    ['<p id="t">', "toggle", false],
    ['<input id="t">', "mute", true],
    ['<input id="t" type="search">', "search", true],
    ['<textarea id="t"></textarea>', "toggle", true],
    ['<p contenteditable="true"><b id="t"></b></p>', "help", true],
    ['<button id="t"></button>', "toggle", true],
    ['<button id="t"></button>', "mute", false],
    ['<a href="/"><b id="t"></b></a>', "toggle", true],
    ['<input id="t" type="range">', "toggle", false],
    ['<input id="t" type="range">', "forward", true],
    ['<input id="t" type="range">', "mute", false],
    ['<div role="tab" id="t"></div>', "back", true],
    ['<p id="t"></p><div role="dialog"></div>', "mute", true],
    ['<p id="t"></p><div role="dialog" data-player></div>', "mute", false],
    ['<p id="t"></p><div role="menu"></div>', "toggle", true],
  ])("%s %s", (html, command, want) => {
    document.body.innerHTML = html;
    expect(isTaken(command, document.querySelector("#t"), document)).toBe(want);
  });
});
