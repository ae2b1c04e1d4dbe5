import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  document.body.innerHTML = "";
});

const come = (answers: unknown) => {
  document.body.innerHTML = `<script type="application/json" id="given">${JSON.stringify(answers)}</script>`;
  return import("./given");
};

test("what came is given once", async () => {
  const { given } = await come({ home: { albums: [] } });
  expect(given("home")).toEqual({ albums: [] });
  expect(given("home")).toBeUndefined();
  expect(given("toString")).toBeUndefined();
});

test("whoever signs out leaves nothing", async () => {
  const { given, forgetGiven } = await come({ session: { me: null } });
  forgetGiven();
  expect(given("session")).toBeUndefined();
});

test("a page may bring nothing", async () => {
  const { given } = await import("./given");
  expect(given("home")).toBeUndefined();
});
