import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, MessageCircle } from "lucide-react";
import { type RefObject, useCallback, useState } from "react";
import type { Conversation, Person } from "@/api/types";
import { personQuery } from "@/features/people/queries";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { arrived } from "./outbox";
import { conversationsQuery } from "./conversationsQuery";
import { loadOlder, threadQuery } from "./queries";
import { useFirstUnread, useMarkRead } from "./reading";
import { useNearing, useThreadScroll } from "./scrolling";
import { sendMessage, usePending } from "./sending";
import { readCount, type Thread as Messages } from "./thread";
import { ThreadHeader } from "./ThreadHeader";
import { useIsTyping } from "./typing";

/** The conversation with one person. */
export function Thread({ id }: { id: string }) {
  const text = useText();
  const client = useQueryClient();
  const conversations = useQuery(conversationsQuery);
  const conversation = conversations.data?.items.find((c) => c.person.id === id);
  const asked = useQuery({ ...personQuery(id), enabled: !conversation && !conversations.isPending });
  const thread = useQuery(threadQuery(client, id));
  const person = conversation?.person ?? asked.data;
  usePageTitle(person?.name ?? text("nav.messages"));

  const error = asked.error ?? (thread.data ? null : thread.error);
  return (
    <>
      <h1 className="sr-only">{person ? text("chat.with", { name: person.name }) : text("nav.messages")}</h1>
      <ThreadHeader person={person} />
      {error ? (
        <Failed error={error} onRetry={() => void Promise.all([asked.refetch(), thread.refetch()])} />
      ) : person && thread.data && !conversations.isPending ? (
        <Open key={id} person={person} thread={thread.data} conversation={conversation} />
      ) : (
        <Waiting />
      )}
    </>
  );
}

interface OpenProps {
  person: Person;
  thread: Messages;
  conversation: Conversation | undefined;
}

function Open({ person, thread, conversation }: OpenProps) {
  const text = useText();
  const { messages } = thread;
  const unread = conversation?.unread ?? 0;
  const divider = useFirstUnread(person.id, messages, unread);
  useMarkRead(person.id, messages.at(-1)?.id, unread);
  const { box, content, atEnd, toEnd } = useThreadScroll(messages[0]?.id);
  const typing = useIsTyping(person.id);
  const [opened] = useState(messages.at(-1)?.id);
  const pending = usePending().filter((item) => item.to === person.id && !(item.tried && arrived(item, messages)));
  const last = messages.at(-1);

  const send = (written: string) => {
    sendMessage(person.id, written);
    divider.forget();
    toEnd();
  };
  return (
    <>
      <div className="relative min-h-0 flex-1">
        <div
          ref={box}
          role="log"
          aria-live="off"
          aria-label={text("chat.with", { name: person.name })}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
          tabIndex={0}
          className="absolute inset-0 overflow-x-hidden overflow-y-auto px-4 -outline-offset-2 [overflow-anchor:none] md:px-6"
        >
          <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col justify-end pb-3">
            {thread.more && <Older person={person.id} first={messages[0]?.id} box={box} />}
            {messages.length === 0 && pending.length === 0 && (
              <div className="my-auto">
                <Empty icon={MessageCircle} title={text("chat.begin", { name: person.name })} text={text("chat.begin.text")} />
              </div>
            )}
            <MessageList
              person={person}
              messages={messages}
              read={readCount(thread, conversation?.readUpTo)}
              firstUnread={divider.id}
              pending={pending}
            />
            <p role="status" className="mt-2 h-5 text-xs text-sea">
              {typing && text("chat.typing.name", { name: person.name })}
            </p>
          </div>
        </div>
        <p aria-live="polite" className="sr-only">
          {last && last.id !== opened && last.from === person.id && `${person.name}: ${last.content}`}
        </p>
        {!atEnd && (
          <IconButton
            icon={ArrowDown}
            label={text("chat.toNewest")}
            onClick={toEnd}
            className="absolute right-6 bottom-4 border border-line-strong bg-raised shadow-float"
          />
        )}
      </div>
      <Composer key={person.id} person={person} onSend={send} />
    </>
  );
}

interface OlderProps {
  person: string;
  first: string | undefined;
  box: RefObject<HTMLDivElement | null>;
}

/** Loads older messages when it comes near. Its height stays the same, so that nothing jumps. */
function Older({ person, first, box }: OlderProps) {
  const text = useText();
  const client = useQueryClient();
  const [failed, setFailed] = useState(false);
  const load = useCallback(() => {
    setFailed(false);
    loadOlder(client, person).catch(() => setFailed(true));
  }, [client, person]);
  const ref = useNearing(box, load, first);
  return (
    <div ref={ref} className="mt-auto grid h-14 place-items-center">
      {failed ? (
        <Button size="small" onClick={load}>
          {text("action.retry")}
        </Button>
      ) : (
        <Loading>
          <Skeleton className="h-3 w-32" />
        </Loading>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <Loading className="flex min-h-0 flex-1 flex-col justify-end gap-3 overflow-hidden px-6 pb-8">
      {["w-1/2", "w-1/3", "ml-auto w-2/5", "w-3/5", "ml-auto w-1/4"].map((width) => (
        <Skeleton key={width} className={`h-10 rounded-2xl ${width}`} />
      ))}
    </Loading>
  );
}
