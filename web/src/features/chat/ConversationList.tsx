import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { MessagesSquare, Music2, Search, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMe } from "@/api/session";
import type { Conversation, Person } from "@/api/types";
import { useFriends } from "@/features/people/friends";
import { useIsOnline } from "@/features/people/presence";
import { useSettled } from "@/features/people/settled";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { Input } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { preview } from "./preview";
import { conversationsQuery } from "./conversationsQuery";
import { shortTime } from "./times";
import { useIsTyping } from "./typing";

/** Whom one talks to, the latest first; searching finds everybody. */
export function ConversationList({ current }: { current: string | undefined }) {
  const text = useText();
  const [q, setQ] = useState("");
  return (
    <>
      <header className="flex h-16 shrink-0 items-center px-5">
        <h2 className="text-lg font-semibold tracking-tight">{text("nav.messages")}</h2>
      </header>
      <div className="relative px-4 pb-3">
        <Search aria-hidden size={16} className="pointer-events-none absolute top-3 left-7 text-quiet" />
        <Input
          type="search"
          value={q}
          onChange={(e) => setQ(e.target.value)}
          onKeyDown={(e) => e.key === "Escape" && setQ("")}
          placeholder={text("chat.findPeople")}
          aria-label={text("chat.findPeople")}
          className="pr-10 pl-9 [&::-webkit-search-cancel-button]:hidden"
        />
        {q && (
          <IconButton icon={X} size="small" label={text("action.clear")} className="absolute top-1 right-5" onClick={() => setQ("")} />
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {q.trim() ? <Found q={q.trim()} onChosen={() => setQ("")} /> : <Latest current={current} />}
      </div>
    </>
  );
}

function Latest({ current }: { current: string | undefined }) {
  const text = useText();
  const { data, error, isPending, refetch } = useQuery(conversationsQuery);
  if (isPending) return <Rows />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <>
        <Empty icon={MessagesSquare} title={text("chat.none")} text={text("chat.none.text")} />
        <Found q="" onChosen={() => undefined} />
      </>
    );
  }
  return (
    <ul>
      {data.items.map((conversation) => (
        <Row key={conversation.person.id} conversation={conversation} current={conversation.person.id === current} />
      ))}
    </ul>
  );
}

const rowClass = "flex min-h-16 items-center gap-3 rounded-lg px-3 py-2 transition-colors";

function Row({ conversation: { person, last, unread }, current }: { conversation: Conversation; current: boolean }) {
  const text = useText();
  const online = useIsOnline(person.id);
  return (
    <li>
      <Link
        to={`/chat/${person.id}`}
        aria-current={current ? "page" : undefined}
        className={clsx(rowClass, current ? "bg-lifted" : "hover:bg-raised")}
      >
        <Avatar name={person.name} image={person.image} size={44} online={online} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={clsx("min-w-0 flex-1 truncate text-sm text-strong", unread > 0 ? "font-semibold" : "font-medium")}>
              {person.name}
            </span>
            {online && <span className="sr-only">{text("chat.online")}</span>}
            {last && <time dateTime={last.at} className="shrink-0 text-xs text-quiet">{shortTime(last.at)}</time>}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <Last person={person} message={last} unread={unread > 0} />
            {unread > 0 && (
              <span className="grid h-5 min-w-5 shrink-0 place-items-center rounded-full bg-sea px-1.5 text-xs font-semibold text-ground tabular-nums">
                <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
                <span className="sr-only">{text("chat.unread", { count: unread })}</span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}

function Last({ person, message, unread }: { person: Person; message: Conversation["last"]; unread: boolean }) {
  const text = useText();
  const me = useMe();
  const typing = useIsTyping(person.id);
  if (typing) return <span className="flex-1 truncate text-sm text-sea">{text("chat.typing")}</span>;
  if (!message) return <span className="flex-1" />;
  const { line, song } = preview(message);
  return (
    <span className={clsx("flex min-w-0 flex-1 items-center gap-1.5 text-sm", unread ? "text-strong" : "text-quiet")}>
      {song && <Music2 aria-hidden size={14} className="shrink-0" />}
      <span className="truncate">
        {message.from === me?.id && `${text("chat.you")}: `}
        {line || text("chat.aSong")}
      </span>
    </span>
  );
}

/** Everybody whose name fits, to begin a conversation with. */
function Found({ q, onChosen }: { q: string; onChosen: () => void }) {
  const text = useText();
  const { friends, people } = useFriends(useSettled(q));
  if (people.isPending) return <Rows />;
  if (people.isError) return <Failed error={people.error} onRetry={() => void people.refetch()} />;
  if (friends.length === 0) return q ? <p role="status" className="px-3 py-6 text-sm text-quiet">{text("chat.nobodyFound")}</p> : null;
  return (
    <ul aria-label={text("nav.people")}>
      {friends.map(({ person, online }) => (
        <li key={person.id}>
          <Link to={`/chat/${person.id}`} onClick={onChosen} className={clsx(rowClass, "hover:bg-raised")}>
            <Avatar name={person.name} image={person.image} size={44} online={online} />
            <span className="truncate text-sm font-medium text-strong">{person.name}</span>
            {online && <span className="sr-only">{text("chat.online")}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Rows() {
  return (
    <Loading className="flex flex-col gap-2 px-3 py-2">
      {Array.from({ length: 6 }, (_, i) => (
        <span key={i} className="flex h-14 items-center gap-3">
          <Skeleton className="size-11 rounded-full" />
          <span className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3.5 w-1/2" />
            <Skeleton className="h-3 w-4/5" />
          </span>
        </span>
      ))}
    </Loading>
  );
}
