import { Check, CheckCheck, MoreHorizontal, Trash2 } from "lucide-react";
import { memo, useState } from "react";
import type { Message, Person } from "@/api/types";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/IconButton";
import { later } from "@/ui/later";
import { Menu, MenuItem } from "@/ui/Menu";
import { Bubble } from "./Bubble";
import { byDay, type Row } from "./grouping";
import type { Pending } from "./outbox";
import { PendingRow } from "./PendingRow";
import { clock, dayName } from "./times";

const DeleteDialog = later(() => import("./DeleteDialog").then((m) => m.DeleteDialog));

interface MessageListProps {
  person: Person;
  messages: Message[];
  /** How many of them, from the first on, the other has read. */
  read: number;
  firstUnread: string | undefined;
  pending: Pending[];
}

/** A conversation, by day and sender; what is not sent yet at the end. */
export const MessageList = memo(function MessageList({ person, messages, read, firstUnread, pending }: MessageListProps) {
  const [deleting, setDeleting] = useState<Message>();
  const readIds = new Set(messages.slice(0, read).map(({ id }) => id));
  return (
    <>
      {byDay(messages, firstUnread).map((day) => (
        <section key={day.key} aria-label={dayName(day.at)}>
          <p aria-hidden className="my-5 flex items-center gap-4 text-xs font-medium text-quiet before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            {dayName(day.at)}
          </p>
          <ul>
            {day.rows.map((row) => (
              <MessageRow
                key={row.message.id}
                row={row}
                person={person}
                read={readIds.has(row.message.id)}
                onDelete={() => setDeleting(row.message)}
              />
            ))}
          </ul>
        </section>
      ))}
      {pending.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1">
          {pending.map((item) => (
            <PendingRow key={item.key} item={item} />
          ))}
        </ul>
      )}
      {deleting && <DeleteDialog person={person.id} message={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
});

interface MessageRowProps {
  row: Row;
  person: Person;
  read: boolean;
  onDelete: () => void;
}

function MessageRow({ row: { message, starts, ends, unread }, person, read, onDelete }: MessageRowProps) {
  const text = useText();
  const own = message.from !== person.id;
  return (
    <li className={starts ? "mt-3" : "mt-1"}>
      {unread && (
        <p
          data-first-unread
          className="my-4 flex scroll-mt-4 items-center gap-3 text-xs font-semibold text-sea before:h-px before:flex-1 before:bg-sea after:h-px after:flex-1 after:bg-sea"
        >
          {text("chat.newMessages")}
        </p>
      )}
      {starts && <p className="sr-only">{own ? text("chat.you") : person.name}</p>}
      <div className="flex items-end gap-2">
        {!own && (
          <span className="w-7 shrink-0">{ends && <Avatar name={person.name} image={person.image} size={28} className="align-bottom" />}</span>
        )}
        <div className="min-w-0 flex-1">
          <Bubble
            content={message.content}
            own={own}
            mark={<Mark read={read} />}
            aside={own && <Actions onDelete={onDelete} />}
          />
        </div>
      </div>
      {ends && (
        <p className={own ? "mt-1 pr-6 text-right text-xs text-quiet" : "mt-1 pl-10 text-xs text-quiet"}>
          <time dateTime={message.at}>{clock(message.at)}</time>
        </p>
      )}
    </li>
  );
}

function Mark({ read }: { read: boolean }) {
  const text = useText();
  const Icon = read ? CheckCheck : Check;
  return (
    <span title={text(read ? "chat.read" : "chat.sent")}>
      <Icon aria-hidden size={14} className={read ? "text-sea" : "text-quiet"} />
      <span className="sr-only">{text(read ? "chat.read" : "chat.sent")}</span>
    </span>
  );
}

function Actions({ onDelete }: { onDelete: () => void }) {
  const text = useText();
  return (
    <Menu
      trigger={
        <IconButton
          icon={MoreHorizontal}
          size="small"
          label={text("chat.messageActions")}
          className="opacity-0 group-hover/bubble:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
        />
      }
    >
      <MenuItem icon={Trash2} danger onSelect={onDelete}>
        {text("action.delete")}
      </MenuItem>
    </Menu>
  );
}
