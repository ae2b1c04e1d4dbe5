import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useMe } from "@/api/session";
import type { Person, Song } from "@/api/types";
import { comingBack } from "@/features/account/next";
import { useFriends } from "@/features/people/friends";
import { useSettled } from "@/features/people/settled";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Input } from "@/ui/Field";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { sendMessage } from "./sending";
import { songMessage } from "./songLink";

interface SendSongProps {
  song: Song;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Picks a friend and sends him a song. */
export function SendSong({ song, open, onOpenChange }: SendSongProps) {
  const text = useText();
  const go = useNavigate();
  const me = useMe();
  const [note, setNote] = useState("");
  const send = (person: Person) => {
    sendMessage(person.id, songMessage(song, note));
    setNote("");
    onOpenChange(false);
    toast(text("chat.songSent", { name: person.name }), {
      action: { label: text("chat.openChat"), run: () => void go(`/chat/${person.id}`) },
    });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text("chat.sendSong")} description={`${song.title} – ${song.artist}`}>
      {me ? (
        <>
          <Input
            value={note}
            maxLength={500}
            onChange={(e) => setNote(e.target.value)}
            placeholder={text("chat.note")}
            aria-label={text("chat.note")}
            className="mb-3"
          />
          <People onChosen={send} />
        </>
      ) : (
        <Invitation />
      )}
    </Dialog>
  );
}

function People({ onChosen }: { onChosen: (person: Person) => void }) {
  const text = useText();
  const [q, setQ] = useState("");
  const { friends, people } = useFriends(useSettled(q.trim()));
  return (
    <div className="flex h-80 max-h-[50dvh] flex-col">
      <Input
        type="search"
        autoFocus
        value={q}
        onChange={(e) => setQ(e.target.value)}
        placeholder={text("chat.findPeople")}
        aria-label={text("chat.findPeople")}
      />
      <div className="mt-3 min-h-0 flex-1 overflow-y-auto pb-2">
        {people.isPending ? (
          <Loading className="flex flex-col gap-2">
            <Skeleton className="h-12" />
            <Skeleton className="h-12" />
          </Loading>
        ) : people.isError ? (
          <Failed error={people.error} onRetry={() => void people.refetch()} />
        ) : friends.length === 0 ? (
          <p role="status" className="py-8 text-center text-sm text-quiet">
            {text("chat.nobodyFound")}
          </p>
        ) : (
          <ul>
            {friends.map(({ person, online }) => (
              <li key={person.id} className="flex h-14 items-center gap-3 rounded-lg px-2 hover:bg-lifted">
                <Avatar name={person.name} image={person.image} size={40} online={online} />
                <span className="min-w-0 flex-1 truncate text-sm font-medium text-strong">{person.name}</span>
                <Button size="small" onClick={() => onChosen(person)} aria-label={text("chat.sendTo", { name: person.name })}>
                  {text("chat.send")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Invitation() {
  const text = useText();
  const { pathname, search } = useLocation();
  return (
    <div className="pb-5">
      <p className="mb-4 text-sm">{text("chat.invite")}</p>
      <Link to={comingBack("/sign-in", pathname + search)} className={buttonClass("primary")}>
        {text("nav.signIn")}
      </Link>
    </div>
  );
}
