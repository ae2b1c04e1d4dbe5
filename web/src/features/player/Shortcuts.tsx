import { useId } from "react";
import { type TextKey, useText } from "@/i18n";
import { Dialog } from "@/ui/Dialog";
import { Switch } from "@/ui/Switch";
import { setKeysOn, useKeysOn } from "./keys";
import { show } from "./views";

/** In pairs, as they stand side by side. */
const rows: { keys: TextKey[]; does: TextKey }[] = [
  { keys: ["player.key.space"], does: "player.keys.toggle" },
  { keys: ["player.key.m"], does: "player.keys.mute" },
  { keys: ["player.key.left"], does: "player.keys.back" },
  { keys: ["player.key.right"], does: "player.keys.forward" },
  { keys: ["player.key.shift", "player.key.left"], does: "player.keys.previous" },
  { keys: ["player.key.shift", "player.key.right"], does: "player.keys.next" },
  { keys: ["player.key.shift", "player.key.down"], does: "player.keys.quieter" },
  { keys: ["player.key.shift", "player.key.up"], does: "player.keys.louder" },
  { keys: ["player.key.s"], does: "player.keys.shuffle" },
  { keys: ["player.key.r"], does: "player.keys.repeat" },
  { keys: ["player.key.q"], does: "player.keys.queue" },
  { keys: ["player.key.f"], does: "player.keys.nowPlaying" },
  { keys: ["player.key.slash"], does: "player.keys.search" },
  { keys: ["player.key.question"], does: "player.keys.help" },
];

/** The keys that command the player, and the switch that turns them off. */
export function Shortcuts() {
  const text = useText();
  const id = useId();
  const { on } = useKeysOn();
  return (
    <Dialog open onOpenChange={(open) => show("shortcuts", open)} title={text("player.keys")}>
      <div className="mb-2 flex items-center justify-between gap-4 border-b border-line pb-4">
        <label htmlFor={id} className="text-sm text-text">
          {text("player.keys.on")}
        </label>
        <Switch id={id} checked={on} onChange={setKeysOn} />
      </div>
      <dl className="grid gap-x-10 pb-4 sm:grid-cols-2">
        {rows.map(({ keys, does }) => (
          <div key={does} className="flex h-10 items-center justify-between gap-4">
            <dt className="text-sm text-text">{text(does)}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="inline-grid h-6 min-w-6 place-items-center rounded-md border border-line-strong bg-sunk px-1.5 font-sans text-xs text-strong"
                >
                  {text(key)}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
