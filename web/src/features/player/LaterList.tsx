import { ListStart, X } from "lucide-react";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { dropSaved, takeUp } from "./actions";
import { usePlayer } from "./store";

/** Songs that were put aside. */
export function LaterList() {
  const text = useText();
  const later = usePlayer((s) => s.later);
  return (
    <section aria-labelledby="saved-for-later" className="mt-4 border-t border-line pt-4">
      <h3 id="saved-for-later" className="mb-1 px-3 text-sm font-semibold">
        {text("player.later")}
      </h3>
      <ul>
        {later.map((song) => (
          <li key={song.id} className="flex h-14 items-center gap-1 rounded-lg pr-1 pl-3 focus-within:bg-lifted hover:bg-lifted">
            <Cover image={song.image} size={64} className="mr-2 size-10 shrink-0" />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium text-strong">{song.title}</span>
              <span className="block truncate text-xs text-quiet">{song.artist}</span>
            </span>
            <IconButton
              icon={ListStart}
              label={text("player.takeUp", { title: song.title })}
              size="small"
              onClick={() => takeUp(song.id)}
            />
            <IconButton
              icon={X}
              label={text("player.dropSaved", { title: song.title })}
              size="small"
              onClick={() => dropSaved(song.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
