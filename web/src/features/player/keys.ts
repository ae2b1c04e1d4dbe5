import { useEffect } from "react";
import { create } from "zustand";
import { cycleRepeat, next, previous, seek, setVolume, toggle, toggleMute, toggleShuffle } from "./actions";
import { getProgress } from "./progress";
import { usePlayer } from "./store";
import { flip } from "./views";

const stored = "antiphon.player.keys";

/** Whether keys command the player. They can be turned off: people who speak to their computer type letters. */
export const useKeysOn = create<{ on: boolean }>()(() => ({ on: localStorage.getItem(stored) !== "off" }));

export function setKeysOn(on: boolean): void {
  localStorage.setItem(stored, on ? "on" : "off");
  useKeysOn.setState({ on });
}

export type Command =
  | "toggle"
  | "back"
  | "forward"
  | "previous"
  | "next"
  | "louder"
  | "quieter"
  | "mute"
  | "shuffle"
  | "repeat"
  | "queue"
  | "nowPlaying"
  | "search"
  | "help";

type Pressed = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

const letters: Record<string, Command> = { m: "mute", s: "shuffle", r: "repeat", q: "queue", f: "nowPlaying" };
const arrows: Record<string, Command> = { ArrowLeft: "back", ArrowRight: "forward" };
const shifted: Record<string, Command> = {
  ArrowLeft: "previous",
  ArrowRight: "next",
  ArrowUp: "louder",
  ArrowDown: "quieter",
};
/** Where these stand on a keyboard, and whether with shift, differs from country to country. */
const signs: Record<string, Command> = { " ": "toggle", "/": "search", "?": "help" };

/** What a key means; undefined for nothing. */
export function commandOf(event: Pressed): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const sign = signs[event.key];
  if (sign && !(sign === "toggle" && event.shiftKey)) return sign;
  if (event.shiftKey) return shifted[event.key];
  return arrows[event.key] ?? letters[event.key.toLowerCase()];
}

const typed = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
const pressable = 'button, a, summary, input, [role="button"], [role="tab"], [role="switch"], [role^="menuitem"], [role="option"]';
/** These have a use for arrows of their own. */
const steered = 'input, [role="tab"], [role="radio"], [role="slider"], [role="listbox"], [role="option"], [role^="menu"]';
/** Dialogs of others; the player's own views say so with data-player. */
const covering = '[role="dialog"]:not([data-player]), [role="alertdialog"], [role="menu"], dialog[open]';

/** Whether a key belongs to what has the focus, or to a dialog, and not to the player. */
export function isTaken(command: Command, target: Element | null, page: ParentNode): boolean {
  if (page.querySelector(covering)) return true;
  if (!target) return false;
  if (target.closest(typed)) return true;
  if (command === "toggle") return target.closest(pressable) !== null && !target.matches('input[type="range"]');
  const byArrow = Object.values(arrows).includes(command) || Object.values(shifted).includes(command);
  return byArrow && target.closest(steered) !== null;
}

/** Seconds that an arrow key jumps. */
const jump = 5;
const step = 0.05;

/** Focuses the page's search field; false if none is shown. */
function focusSearch(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>('input[type="search"]');
  const field = [...fields].find((f) => f.offsetParent !== null);
  field?.focus();
  field?.select();
  return field !== undefined;
}

function run(command: Command, openSearch: () => void): void {
  const { volume, muted } = usePlayer.getState();
  const heard = muted ? 0 : volume;
  const commands: Record<Command, () => void> = {
    toggle,
    previous,
    next,
    back: () => seek(getProgress().time - jump),
    forward: () => seek(getProgress().time + jump),
    louder: () => setVolume(heard + step),
    quieter: () => setVolume(heard - step),
    mute: toggleMute,
    shuffle: toggleShuffle,
    repeat: cycleRepeat,
    queue: () => flip("queue"),
    nowPlaying: () => usePlayer.getState().index >= 0 && flip("nowPlaying"),
    search: () => focusSearch() || openSearch(),
    help: () => flip("shortcuts"),
  };
  commands[command]();
}

/** Lets keys command the player, wherever the focus is. */
export function usePlayerKeys(openSearch: () => void): void {
  const { on } = useKeysOn();
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (!command || event.defaultPrevented) return;
      const arrow = event.key.startsWith("Arrow");
      if (event.repeat && !arrow) return;
      if (isTaken(command, event.target as Element | null, document)) return;
      event.preventDefault();
      run(command, openSearch);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [on, openSearch]);
}
