import { Users } from "lucide-react";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { FriendRow } from "./FriendRow";
import { useFriends } from "./friends";

/** Everybody, those who are online first. */
export function FriendsList({ q, className }: { q?: string; className?: string }) {
  const text = useText();
  const { friends, people } = useFriends(q);
  if (people.isPending && friends.length === 0) {
    return (
      <Loading className="flex flex-col gap-2 p-2">
        {Array.from({ length: 6 }, (_, i) => (
          <span key={i} className="flex items-center gap-3">
            <Skeleton className="size-10 rounded-full" />
            <Skeleton className="h-4 flex-1" />
          </span>
        ))}
      </Loading>
    );
  }
  if (people.isError && friends.length === 0) return <Failed error={people.error} onRetry={() => void people.refetch()} />;
  if (friends.length === 0) {
    return <Empty icon={Users} title={text(q ? "chat.nobodyFound" : "chat.nobodyYet")} text={q ? undefined : text("chat.nobodyYet.text")} />;
  }
  return (
    <>
      <ul className={className}>
        {friends.map((friend) => (
          <FriendRow key={friend.person.id} friend={friend} />
        ))}
      </ul>
      {people.hasNextPage && (
        <p className="p-2 text-center">
          <Button size="small" kind="ghost" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
            {text("chat.morePeople")}
          </Button>
        </p>
      )}
    </>
  );
}
