import { Music, SendHorizontal, X } from "lucide-react";
import { type KeyboardEvent, type SyntheticEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Person, Song } from "@/api/types";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";
import { IconButton } from "@/ui/IconButton";
import { later } from "@/ui/later";
import { songMessage } from "./songLink";
import { typingTo } from "./typing";

const AttachSong = later(() => import("./AttachSong").then((m) => m.AttachSong));

/** The server's limit, in characters, and from where on what is left is shown. */
const limit = 10_000;
const warnFrom = 9_000;
/** Six lines and the padding, in pixels. */
const maxHeight = 6 * 20 + 20;

interface Draft {
  text: string;
  song?: Song;
}

/** What was begun to be written to each person, for as long as the page lives. */
const drafts = new Map<string, Draft>();

/** Where one writes. Enter sends, Shift+Enter begins a line, "/song words" looks for a song. */
export function Composer({ person, onSend }: { person: Person; onSend: (content: string) => void }) {
  const text = useText();
  const [draft, setDraft] = useState<Draft>(() => drafts.get(person.id) ?? { text: "" });
  const [search, setSearch] = useState<string>();
  const [typing] = useState(() => typingTo(person.id));
  const field = useRef<HTMLTextAreaElement>(null);
  const content = draft.song ? songMessage(draft.song, draft.text) : draft.text.trim();
  const length = [...content].length;
  const sendable = length > 0 && length <= limit;

  const change = (next: Draft) => {
    drafts.set(person.id, next);
    setDraft(next);
    if (next.text) typing.goesOn();
    else typing.ends();
  };
  useEffect(() => () => typing.ends(), [typing]);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    if (!draft.text) return; // one line; to measure it would lay out the whole view
    element.style.height = `${Math.min(element.scrollHeight, maxHeight)}px`;
  }, [draft.text]);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const command = /^\/song(?:\s+(.*))?$/s.exec(draft.text.trim());
    if (command) {
      setSearch(command[1] ?? "");
      change({ ...draft, text: "" });
      return;
    }
    if (!sendable) return;
    onSend(content);
    change({ text: "" });
    field.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  };
  return (
    <form onSubmit={submit} className="shrink-0 px-3 pb-3 md:px-6 md:pb-5">
      <div className="mx-auto max-w-3xl rounded-2xl border border-line-strong bg-raised p-1.5 focus-within:border-accent">
        {draft.song && <Attached song={draft.song} onRemove={() => change({ text: draft.text })} />}
        <div className="flex items-end gap-1">
          <IconButton icon={Music} label={text("chat.attach")} onClick={() => setSearch("")} />
          <textarea
            ref={field}
            rows={1}
            value={draft.text}
            onChange={(e) => change({ ...draft, text: e.target.value })}
            onKeyDown={key}
            onBlur={() => typing.ends()}
            placeholder={text("chat.write.placeholder")}
            aria-label={text("chat.write", { name: person.name })}
            aria-describedby={length >= warnFrom ? "chat-left" : undefined}
            aria-invalid={length > limit || undefined}
            className="max-h-35 min-h-10 min-w-0 flex-1 resize-none bg-transparent px-1 py-2.5 text-base leading-5 text-strong outline-none placeholder:text-quiet sm:text-sm sm:leading-5"
          />
          <IconButton icon={SendHorizontal} label={text("chat.send")} type="submit" primary disabled={!sendable} />
        </div>
      </div>
      {length >= warnFrom && (
        <p id="chat-left" role="status" className={length > limit ? "mx-auto mt-1 max-w-3xl text-right text-xs text-danger" : "mx-auto mt-1 max-w-3xl text-right text-xs text-quiet"}>
          {text("chat.length", { length, limit })}
        </p>
      )}
      {search !== undefined && (
        <AttachSong
          query={search}
          onClose={() => setSearch(undefined)}
          onChosen={(song) => {
            change({ ...draft, song });
            setSearch(undefined);
          }}
        />
      )}
    </form>
  );
}

function Attached({ song, onRemove }: { song: Song; onRemove: () => void }) {
  const text = useText();
  return (
    <div className="mb-1.5 flex items-center gap-3 rounded-xl bg-lifted p-1.5">
      <Cover image={song.image} size={64} className="size-10 shrink-0" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium text-strong">{song.title}</span>
        <span className="block truncate text-xs text-quiet">{song.artist}</span>
      </span>
      <IconButton icon={X} size="small" label={text("chat.detach")} onClick={onRemove} />
    </div>
  );
}
