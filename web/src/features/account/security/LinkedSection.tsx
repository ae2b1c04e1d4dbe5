import { useQuery } from "@tanstack/react-query";
import { Link2, Link2Off } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Identity } from "@/api/types";
import { formatDate } from "@/i18n";
import { Button } from "@/ui/Button";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { labelOf, signInOptionsQuery } from "../outside/options";
import { identitiesQuery, useLink } from "./identities";
import { Row } from "./Row";
import { Section } from "./Section";
import { Unlink } from "./Unlink";
import { useSecurityText } from "./texts";

/**
 * By which accounts elsewhere one can sign in, and the way to more; nothing where
 * there is no elsewhere. `linked` is the provider that one comes back from, "" for none.
 */
export function LinkedSection({ linked }: { linked: string }) {
  const own = useSecurityText();
  const { data: options } = useQuery(signInOptionsQuery);
  const { data: identities, error } = useQuery(identitiesQuery);
  const [unlinking, setUnlinking] = useState<Identity>();
  const list = useRef<HTMLUListElement>(null);
  const count = identities?.length ?? 0;
  const before = useRef(count);
  useEffect(() => {
    // The button that had the focus goes with its row.
    if (count < before.current && document.activeElement === document.body) list.current?.querySelector("button")?.focus();
    before.current = count;
  }, [count]);
  const arrived = options && identities?.some(({ provider }) => provider === linked);
  const done = arrived ? own("linked.done", { label: labelOf(options, linked) }) : "";
  useEffect(() => {
    if (done) toast(done);
  }, [done]);

  if (!options) return null;
  const free = options.providers.filter(({ name }) => !identities?.some(({ provider }) => provider === name));
  if (count === 0 && free.length === 0) return null;
  return (
    <Section title={own("linked.title")} text={own("linked.text")}>
      {error && <p className="mt-3 text-sm text-danger">{errorText(error)}</p>}
      {identities && (
        <ul ref={list} className="mt-3 divide-y divide-line border-t border-line">
          {identities.map((identity) => (
            <LinkedRow key={identity.id} identity={identity} label={labelOf(options, identity.provider)} onUnlink={() => setUnlinking(identity)} />
          ))}
          {free.map(({ name, label }) => (
            <FreeRow key={name} name={name} label={label} />
          ))}
        </ul>
      )}
      {unlinking && <Unlink id={unlinking.id} label={labelOf(options, unlinking.provider)} onClose={() => setUnlinking(undefined)} />}
    </Section>
  );
}

function LinkedRow({ identity: { email, createdAt }, label, onUnlink }: { identity: Identity; label: string; onUnlink: () => void }) {
  const own = useSecurityText();
  const since = own("linked.since", { date: formatDate(createdAt) });
  const name = email ? `${label} (${email})` : label; // there may be two of one provider
  return (
    <Row icon={Link2} label={label} fact={email ? `${email} · ${since}` : since}>
      <Button size="small" aria-label={own("linked.unlink.named", { label: name })} onClick={onUnlink}>
        {own("linked.unlink")}
      </Button>
    </Row>
  );
}

function FreeRow({ name, label }: { name: string; label: string }) {
  const own = useSecurityText();
  const link = useLink();
  const go = () => link.mutate(name, { onError: () => toast(own("outside.failed.unavailable"), { kind: "error" }) });
  return (
    <Row icon={Link2Off} label={label} fact={own("linked.none")}>
      <Button size="small" kind="primary" aria-label={own("linked.link.named", { label })} busy={link.isPending} onClick={go}>
        {own("linked.link")}
      </Button>
    </Row>
  );
}
