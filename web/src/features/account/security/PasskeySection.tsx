import { Fingerprint } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Passkey } from "@/api/types";
import { formatAgo, formatDate } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { toast } from "@/ui/toast";
import { AddPasskey } from "./AddPasskey";
import { PasswordForm } from "./PasswordForm";
import { useRemovePasskey } from "./queries";
import { Row } from "./Row";
import { Section } from "./Section";
import { useSecurityText } from "./texts";
import { hasPasskeys } from "./webauthn";

/** The passkeys that there are, and the way to one more. */
export function PasskeySection({ passkeys }: { passkeys: Passkey[] }) {
  const text = useSecurityText();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  const add = useRef<HTMLButtonElement>(null);
  const possible = hasPasskeys();
  const before = useRef(passkeys.length);
  useEffect(() => {
    // The button that had the focus goes with its passkey.
    if (passkeys.length < before.current && document.activeElement === document.body) add.current?.focus();
    before.current = passkeys.length;
  }, [passkeys.length]);
  return (
    <Section
      title={text("security.keys")}
      text={text("security.keys.text")}
      action={
        possible && (
          <Button ref={add} size="small" kind={passkeys.length === 0 ? "primary" : "secondary"} onClick={() => setAdding(true)}>
            {text("security.keys.add")}
          </Button>
        )
      }
    >
      {passkeys.length > 0 && (
        <ul className="mt-3 divide-y divide-line border-t border-line">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => setRemoving(passkey)} />
          ))}
        </ul>
      )}
      {passkeys.length === 0 && possible && <p className="mt-3 text-sm text-quiet">{text("security.keys.empty")}</p>}
      {!possible && <p className="mt-3 text-sm text-quiet">{text("security.keys.unsupported")}</p>}
      {adding && <AddPasskey onClose={() => setAdding(false)} />}
      {removing && <RemovePasskey passkey={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

function PasskeyRow({ passkey: { name, createdAt, lastUsedAt }, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const text = useSecurityText();
  const used = lastUsedAt ? text("security.keys.used", { ago: formatAgo(lastUsedAt) }) : text("security.keys.unused");
  return (
    <Row icon={Fingerprint} label={name} fact={`${text("security.keys.since", { date: formatDate(createdAt) })} · ${used}`}>
      <Button size="small" aria-label={text("security.keys.remove.named", { name })} onClick={onRemove}>
        {text("security.keys.remove")}
      </Button>
    </Row>
  );
}

function RemovePasskey({ passkey: { id, name }, onClose }: { passkey: Passkey; onClose: () => void }) {
  const text = useSecurityText();
  const remove = useRemovePasskey(id);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text("security.keys.remove.title", { name })}
      description={text("security.keys.remove.text")}
    >
      <PasswordForm
        error={remove.error}
        busy={remove.isPending}
        action={text("security.keys.remove")}
        danger
        onCancel={onClose}
        onSubmit={(current) =>
          remove.mutate(current, {
            onSuccess: () => {
              toast(text("security.keys.removed", { name }));
              onClose();
            },
          })
        }
      />
    </Dialog>
  );
}
