import { useSortable } from "@dnd-kit/sortable";
import clsx from "clsx";
import { ArrowDown, ArrowUp, Clock, EllipsisVertical, GripVertical, ListStart, Play, X } from "lucide-react";
import type { CSSProperties } from "react";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { move, moveNext, playAt, removeAt, saveForLater } from "./actions";
import type { Entry } from "./queue";

interface QueueRowProps {
  entry: Entry;
  /** Its index in the queue. */
  at: number;
  /** How many there are. */
  of: number;
  /** Index of the song that plays. */
  current: number;
  /** In pixels from the top of the list. */
  top: number;
  /** Told after it was taken out. */
  onGone: (at: number) => void;
}

export function QueueRow({ entry: { key, song }, at, of, current, top, onGone }: QueueRowProps) {
  const text = useText();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: key,
    attributes: { roleDescription: text("player.drag.role") },
  });
  const playing = at === current;
  const style: CSSProperties = {
    top,
    transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
    transition,
  };
  const gone = (run: (at: number) => void) => {
    run(at);
    onGone(at);
  };
  return (
    <li
      ref={setNodeRef}
      data-row={at}
      aria-setsize={of}
      aria-posinset={at + 1}
      aria-current={playing || undefined}
      style={style}
      className={clsx(
        "group absolute inset-x-0 flex h-14 items-center gap-1 rounded-lg pr-1",
        isDragging ? "z-10 bg-lifted shadow-float" : "focus-within:bg-lifted hover:bg-lifted",
      )}
    >
      <button
        type="button"
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        aria-label={text("player.drag", { title: song.title })}
        className="grid h-10 w-6 shrink-0 cursor-grab! touch-none place-items-center rounded-md text-quiet hover:text-strong active:cursor-grabbing!"
      >
        <GripVertical aria-hidden size={16} />
      </button>
      <button
        type="button"
        data-play
        onClick={() => playAt(at)}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md text-left"
      >
        <span className="sr-only">{text("player.play")}</span>
        <span className="relative shrink-0">
          <Cover image={song.image} size={64} className={clsx("size-10", at < current && "opacity-60")} />
          <Play
            aria-hidden
            size={16}
            fill="currentColor"
            className="absolute inset-0 hidden size-10 rounded-md bg-raised/80 p-3 text-strong group-hover:block"
          />
        </span>
        <span className="min-w-0 flex-1">
          <span
            className={clsx(
              "block truncate text-sm font-medium",
              playing ? "text-accent" : at < current ? "text-quiet" : "text-strong",
            )}
          >
            {song.title}
          </span>
          <span className="block truncate text-xs text-quiet">{song.artist}</span>
        </span>
      </button>
      <IconButton
        icon={X}
        label={text("player.remove", { title: song.title })}
        size="small"
        onClick={() => gone(removeAt)}
        className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:hidden"
      />
      <Menu
        trigger={<IconButton icon={EllipsisVertical} label={text("player.actions", { title: song.title })} size="small" />}
      >
        {!playing && (
          <MenuItem icon={ListStart} onSelect={() => moveNext(at)} disabled={at === current + 1}>
            {text("player.playNext")}
          </MenuItem>
        )}
        <MenuItem icon={ArrowUp} onSelect={() => move(at, at - 1)} disabled={at === 0}>
          {text("player.moveUp")}
        </MenuItem>
        <MenuItem icon={ArrowDown} onSelect={() => move(at, at + 1)} disabled={at === of - 1}>
          {text("player.moveDown")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={Clock} onSelect={() => gone(saveForLater)}>
          {text("player.saveForLater")}
        </MenuItem>
        <MenuItem icon={X} onSelect={() => gone(removeAt)}>
          {text("player.removeFromQueue")}
        </MenuItem>
      </Menu>
    </li>
  );
}
