import { useState } from "react";
import { RequireSignIn } from "@/features/account/RequireSignIn";
import { useText } from "@/i18n";
import { Page, PageHeader } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { Input } from "@/ui/Field";
import { FriendsList } from "./FriendsList";
import { useSettled } from "./settled";

/** Everybody there is. */
export function People() {
  const text = useText();
  const [q, setQ] = useState("");
  const settled = useSettled(q.trim());
  usePageTitle(text("nav.people"));
  return (
    <RequireSignIn title={text("nav.people")} invitation={text("chat.invite.people")}>
      <Page className="max-w-3xl">
        <PageHeader title={text("nav.people")} detail={text("chat.people.lead")} />
        <Input
          type="search"
          value={q}
          onChange={(e) => setQ(e.target.value)}
          placeholder={text("chat.findPeople")}
          aria-label={text("chat.findPeople")}
          className="mb-4"
        />
        <FriendsList q={settled} className="-mx-2" />
      </Page>
    </RequireSignIn>
  );
}
