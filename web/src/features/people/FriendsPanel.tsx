import { PanelRightClose, PanelRightOpen } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/IconButton";
import { FriendsList } from "./FriendsList";
import { useFriends } from "./friends";

const stored = "antiphon.friends";

function wasOpen(): boolean {
  return localStorage.getItem(stored) !== "closed";
}

/** The column at the right of wide screens: who is here, and what they play. */
export function FriendsPanel() {
  const me = useMe();
  return me ? <Column /> : null;
}

function Column() {
  const text = useText();
  const [open, setOpen] = useState(wasOpen);
  const toggle = () => {
    localStorage.setItem(stored, open ? "closed" : "open");
    setOpen(!open);
  };
  return (
    <aside
      aria-label={text("nav.people")}
      className={open ? "hidden w-72 shrink-0 flex-col border-l border-line bg-sunk xl:flex" : "hidden w-16 shrink-0 flex-col border-l border-line bg-sunk xl:flex"}
    >
      <header className={open ? "flex h-16 items-center justify-between pr-3 pl-5" : "flex h-16 items-center justify-center"}>
        {open && <h2 className="text-sm font-semibold">{text("nav.people")}</h2>}
        <IconButton
          icon={open ? PanelRightClose : PanelRightOpen}
          label={text(open ? "chat.panel.close" : "chat.panel.open")}
          aria-expanded={open}
          size="small"
          onClick={toggle}
        />
      </header>
      {open ? (
        <div className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
          <FriendsList />
        </div>
      ) : (
        <Faces />
      )}
    </aside>
  );
}

/** The collapsed panel: the pictures of those who are online. */
function Faces() {
  const { friends } = useFriends();
  return (
    <div aria-hidden className="flex min-h-0 flex-col items-center gap-3 overflow-hidden pt-2">
      {friends
        .filter(({ online }) => online)
        .map(({ person }) => (
          <Avatar key={person.id} name={person.name} image={person.image} size={36} online />
        ))}
    </div>
  );
}
