import { create } from "zustand";
import { on, tell } from "@/realtime/socket";

/** Without news, somebody types no longer after so many milliseconds. */
const lasts = 6_000;
/** While typing goes on it is told again after so many milliseconds. */
const again = 3_000;

const useTypers = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

export const useIsTyping = (person: string): boolean => useTypers((s) => s.ids.has(person));

const timers = new Map<string, ReturnType<typeof setTimeout>>();

function set(person: string, typing: boolean): void {
  clearTimeout(timers.get(person));
  timers.delete(person);
  if (typing) timers.set(person, setTimeout(() => set(person, false), lasts));
  useTypers.setState(({ ids }) => {
    if (ids.has(person) === typing) return { ids };
    const next = new Set(ids);
    if (typing) next.add(person);
    else next.delete(person);
    return { ids: next };
  });
}

/** Whoever has sent what he typed types no longer. */
export const hasWritten = (person: string): void => set(person, false);

/** Follows who types, until the returned function is called. */
export function startTyping(): () => void {
  const stop = on("typing", ({ userId, typing }) => set(userId, typing));
  return () => {
    stop();
    for (const person of [...timers.keys()]) set(person, false);
  };
}

/** Tells one person while something is typed for him. */
export function typingTo(person: string) {
  let told = 0;
  return {
    goesOn(): void {
      if (Date.now() - told < again) return;
      told = Date.now();
      tell("typing", { userId: person, typing: true });
    },
    ends(): void {
      if (told > 0) tell("typing", { userId: person, typing: false });
      told = 0;
    },
  };
}
