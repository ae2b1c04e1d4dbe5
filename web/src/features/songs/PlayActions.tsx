import { ListEnd, Pause, Play, Shuffle } from "lucide-react";
import type { Song } from "@/api/types";
import { addToQueue, playSongs, toggle } from "@/features/player/actions";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { playShuffled, useHolds } from "./play";

/** Play, shuffle, and add to the queue, for all songs of a page. */
export function PlayActions({ songs }: { songs: Song[] }) {
  const text = useText();
  const { current, playing } = useHolds(songs);
  const none = songs.length === 0;
  const Icon = playing ? Pause : Play;
  return (
    <>
      <Button kind="primary" size="large" disabled={none} onClick={() => (current ? toggle() : playSongs(songs))}>
        <Icon aria-hidden size={20} fill="currentColor" />
        {text(playing ? "player.pause" : "player.play")}
      </Button>
      {songs.length > 1 && (
        <IconButton icon={Shuffle} size="large" label={text("browse.shuffle")} onClick={() => playShuffled(songs)} />
      )}
      <IconButton
        icon={ListEnd}
        size="large"
        label={text("player.addToQueue")}
        disabled={none}
        onClick={() => addToQueue(songs)}
      />
    </>
  );
}
