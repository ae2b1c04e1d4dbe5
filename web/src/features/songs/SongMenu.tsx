import { Bookmark, Disc3, Ellipsis, Link2, ListEnd, ListStart, MicVocal, Send } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMe } from "@/api/session";
import type { Song } from "@/api/types";
import { addToQueue, playNext, saveSong } from "@/features/player/actions";
import { t, useText } from "@/i18n";
import { IconButton } from "@/ui/IconButton";
import { later } from "@/ui/later";
import { Menu, MenuItem, MenuSeparator } from "@/ui/Menu";
import { toast } from "@/ui/toast";
import { albumPath, artistPath, songPath } from "./paths";

const SendSong = later(() => import("@/features/chat/SendSong").then((m) => m.SendSong));

async function copyLink(song: Song): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.origin + songPath(song.id));
    toast(t("browse.linkCopied"));
  } catch {
    toast(t("browse.linkNotCopied"), { kind: "error" });
  }
}

interface SongMenuProps {
  song: Song;
  /** Where the album or the artist is the page at hand. */
  hide?: "album" | "artist";
  size?: "small" | "normal";
  className?: string;
}

/** All that one can do with a song. */
export function SongMenu({ song, hide, size = "small", className }: SongMenuProps) {
  const text = useText();
  const go = useNavigate();
  const me = useMe();
  const [sending, setSending] = useState(false);
  const { albumId } = song;
  return (
    <>
      <Menu
        trigger={
          <IconButton icon={Ellipsis} size={size} label={text("player.actions", { title: song.title })} className={className} />
        }
      >
        <MenuItem icon={ListStart} onSelect={() => playNext([song])}>
          {text("player.playNext")}
        </MenuItem>
        <MenuItem icon={ListEnd} onSelect={() => addToQueue([song])}>
          {text("player.addToQueue")}
        </MenuItem>
        <MenuItem icon={Bookmark} onSelect={() => saveSong(song)}>
          {text("player.saveForLater")}
        </MenuItem>
        <MenuSeparator />
        {albumId !== null && hide !== "album" && (
          <MenuItem icon={Disc3} onSelect={() => void go(albumPath(albumId))}>
            {text("browse.goToAlbum")}
          </MenuItem>
        )}
        {hide !== "artist" && (
          <MenuItem icon={MicVocal} onSelect={() => void go(artistPath(song.artist))}>
            {text("browse.goToArtist")}
          </MenuItem>
        )}
        {me && (
          <MenuItem icon={Send} onSelect={() => setSending(true)}>
            {text("browse.send")}
          </MenuItem>
        )}
        <MenuItem icon={Link2} onSelect={() => void copyLink(song)}>
          {text("browse.copyLink")}
        </MenuItem>
      </Menu>
      {sending && <SendSong song={song} open onOpenChange={setSending} />}
    </>
  );
}
