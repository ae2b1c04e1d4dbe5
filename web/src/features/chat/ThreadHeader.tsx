import { ChevronLeft, Headphones } from "lucide-react";
import { Link } from "react-router";
import type { Person } from "@/api/types";
import { listeningTo } from "@/features/people/listening";
import { useOnline } from "@/features/people/presence";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { Skeleton } from "@/ui/State";

/** Whom one talks to, and what he does; on phones with the way back to the list. */
export function ThreadHeader({ person }: { person: Person | undefined }) {
  const text = useText();
  const doing = useOnline().get(person?.id ?? "");
  const song = listeningTo(doing?.activity);
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line px-3 md:px-6">
      <Link
        to="/chat"
        aria-label={text("chat.toList")}
        className="grid size-10 shrink-0 place-items-center rounded-full text-quiet hover:bg-lifted hover:text-strong md:hidden"
      >
        <ChevronLeft aria-hidden size={22} />
      </Link>
      {person ? (
        <>
          <Avatar name={person.name} image={person.image} size={40} online={doing !== undefined} />
          <div className="min-w-0 flex-1">
            <h2 className="truncate text-base font-semibold">{person.name}</h2>
            {song ? (
              <p className="flex items-center gap-1.5 text-xs text-sea">
                <Headphones aria-hidden size={12} className="shrink-0" />
                <span className="truncate">{song}</span>
              </p>
            ) : (
              <p className="text-xs text-quiet">{text(doing ? "chat.online" : "chat.offline")}</p>
            )}
          </div>
        </>
      ) : (
        <>
          <Skeleton className="size-10 rounded-full" />
          <Skeleton className="h-4 w-40" />
        </>
      )}
    </header>
  );
}
