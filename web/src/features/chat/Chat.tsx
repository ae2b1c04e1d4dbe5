import clsx from "clsx";
import { MessagesSquare } from "lucide-react";
import { useParams } from "react-router";
import { RequireSignIn } from "@/features/account/RequireSignIn";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Empty } from "@/ui/State";
import { ConnectionBanner } from "./ConnectionBanner";
import { ConversationList } from "./ConversationList";
import { Thread } from "./Thread";

export function Chat() {
  const text = useText();
  return (
    <RequireSignIn title={text("nav.messages")} invitation={text("chat.invite")}>
      <Conversations />
    </RequireSignIn>
  );
}

/** The list and the conversation beside each other; on phones one of them. */
function Conversations() {
  const text = useText();
  const { person } = useParams();
  return (
    <div className="absolute inset-0 flex flex-col">
      {!person && <h1 className="sr-only">{text("nav.messages")}</h1>}
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <div className={clsx("w-full shrink-0 flex-col border-line md:flex md:w-72 md:border-r lg:w-80", person ? "hidden" : "flex")}>
          <ConversationList current={person} />
        </div>
        <div className={clsx("min-w-0 flex-1 flex-col md:flex", person ? "flex" : "hidden")}>
          {person ? <Thread key={person} id={person} /> : <Nobody />}
        </div>
      </div>
    </div>
  );
}

function Nobody() {
  const text = useText();
  usePageTitle(text("nav.messages"));
  return (
    <div className="my-auto">
      <Empty icon={MessagesSquare} title={text("chat.choose")} text={text("chat.choose.text")} />
    </div>
  );
}
