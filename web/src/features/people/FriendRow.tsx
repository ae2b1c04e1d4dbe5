import { useQueryClient } from "@tanstack/react-query";
import { Headphones, Play } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { playSongs } from "@/features/player/actions";
import { formatAgo, useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/IconButton";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import type { Friend } from "./friends";
import { heardSongQuery, listeningTo } from "./listening";

/** A person, what he plays, and a button that plays it here too. */
export function FriendRow({ friend }: { friend: Friend }) {
  const text = useText();
  const { person, online, activity, since } = friend;
  const song = listeningTo(activity);
  return (
    <li className="group relative flex min-h-14 items-center gap-3 rounded-lg px-2 py-2 transition-colors hover:bg-lifted">
      <Avatar name={person.name} image={person.image} size={40} online={online} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium text-strong">
          <Link to={`/chat/${person.id}`} className="after:absolute after:inset-0 after:rounded-lg">
            {person.name}
          </Link>
        </p>
        {song ? (
          <p className="flex items-center gap-1.5 text-xs text-sea" title={since && formatAgo(since)}>
            <Headphones aria-hidden size={12} className="shrink-0" />
            <span className="truncate">
              <span className="sr-only">{text("chat.listening")} </span>
              {song}
            </span>
          </p>
        ) : (
          <p className="text-xs text-quiet">{text(online ? "chat.online" : "chat.offline")}</p>
        )}
      </div>
      {song && activity && <ListenAlong activity={activity} name={person.name} />}
    </li>
  );
}

function ListenAlong({ activity, name }: { activity: string; name: string }) {
  const text = useText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const play = async () => {
    setBusy(true);
    try {
      const song = await client.fetchQuery(heardSongQuery(activity));
      if (song) playSongs([song]);
      else toast(text("chat.songUnknown"));
    } catch (error) {
      toast(errorText(error), { kind: "error" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <IconButton
      icon={Play}
      filled
      size="small"
      label={text("chat.listenAlong", { name })}
      disabled={busy}
      onClick={() => void play()}
      className="relative"
    />
  );
}
