import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fresh, sized, sources } from "./media";

const cdn = "https://cdn.example/x";
const now = new Date("2026-11-23T12:00:00Z");
const signed = (minutes: number) => `/media/a%20b.png?exp=${now.getTime() / 1000 + minutes * 60}&sig=x-_1`;

beforeEach(() => vi.useFakeTimers({ now }));
afterEach(() => {
  vi.useRealTimers();
  document.head.innerHTML = "";
});

/** As the page of a server says whose files are behind a CDN. */
function behindCDN() {
  document.head.innerHTML = `<link rel="preconnect" href="https://cdn.example" data-media="${cdn}">`;
}

test("images of the server come in sizes", () => {
  expect(sized("/media/a.png", 64)).toBe("/media/a.png?size=64");
  expect(sized(signed(9), 64)).toBe(`${signed(9)}&size=64`);
  expect(sized("https://elsewhere.example/media/a.png", 64)).toBe("https://elsewhere.example/media/a.png");
  expect(sources("https://elsewhere.example/media/a.png", 64)).toBeUndefined();
  expect(sources("/media/a.png", 64)).toBe("/media/a.png?size=64 64w, /media/a.png?size=160 160w");
});

test("those of its CDN do, too", () => {
  expect(sized(`${cdn}/media/a.png`, 64)).toBe(`${cdn}/media/a.png`);
  behindCDN();
  expect(sized(`${cdn}/media/a.png`, 64)).toBe(`${cdn}/media/a.png?size=64`);
  expect(sized("/media/a.png", 64)).toBe("/media/a.png?size=64");
});

test("what has expired comes from the server itself", () => {
  behindCDN();
  for (const before of ["", cdn]) {
    expect(fresh(before + signed(2))).toBe(before + signed(2));
    expect(fresh(before + signed(0.5))).toBe("/media/a%20b.png");
    expect(sized(before + signed(-600), 160)).toBe("/media/a%20b.png?size=160");
  }
  const foreign = `https://elsewhere.example${signed(-600)}`;
  expect(fresh(foreign)).toBe(foreign);
  expect(fresh("/media/a.mp3")).toBe("/media/a.mp3");
});
