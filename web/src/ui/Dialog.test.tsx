import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Dialog } from "./Dialog";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;

function render(open: boolean): void {
  act(() => root.render(<Dialog open={open} onOpenChange={() => undefined} title="Delete?" />));
}

/** A closed dialog gives the focus back in a task of its own. */
const nextTask = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)));

async function show(open: boolean): Promise<void> {
  render(open);
  await nextTask();
}

const dialog = () => document.querySelector('[role="dialog"]');
const focused = () => document.activeElement?.id;

beforeEach(() => {
  document.body.innerHTML = `<button id="opener"></button><button id="other"></button>
    <div role="menu" aria-labelledby="opener"><button role="menuitem" id="entry"></button></div><div id="root"></div>`;
  root = createRoot(document.getElementById("root") as HTMLElement);
});
afterEach(() => act(() => root.unmount()));

describe("Dialog", () => {
  it.each([
    ["a button", "opener", "opener"],
    ["a menu's entry, which goes with the menu", "entry", "opener"],
  ])("gives the focus back that it took from %s", async (_, from, to) => {
    await show(false);
    document.getElementById(from)?.focus();
    await show(true);
    expect(dialog()?.contains(document.activeElement)).toBe(true);
    document.querySelector('[role="menu"]')?.remove();
    await show(false);
    expect([dialog(), focused()]).toEqual([null, to]);
  });

  it("remembers anew each time, and also when it is open from the start", async () => {
    for (const id of ["opener", "other"]) {
      document.getElementById(id)?.focus();
      await show(true);
      await show(false);
      expect(focused()).toBe(id);
    }
  });

  it("leaves the focus to what has taken it meanwhile", async () => {
    document.getElementById("opener")?.focus();
    await show(true);
    render(false);
    document.getElementById("other")?.focus();
    await nextTask();
    expect(focused()).toBe("other");
  });
});
