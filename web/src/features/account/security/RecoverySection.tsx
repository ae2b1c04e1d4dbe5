import { useState } from "react";
import type { Factors } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Codes } from "./Codes";
import { PasswordForm } from "./PasswordForm";
import { useNewRecoveryCodes } from "./queries";
import { Section } from "./Section";
import { useSecurityText } from "./texts";

/** How many recovery codes are left, and the way to new ones. */
export function RecoverySection({ factors }: { factors: Factors }) {
  const text = useSecurityText();
  const [open, setOpen] = useState(false);
  const any = factors.totp || factors.passkeys.length > 0;
  return (
    <Section
      title={text("security.recovery")}
      text={text("security.recovery.text")}
      action={
        any && (
          <Button size="small" onClick={() => setOpen(true)}>
            {text("security.recovery.new")}
          </Button>
        )
      }
    >
      <p className="mt-3 text-sm text-quiet">
        {any ? text("security.recovery.left", { count: factors.recoveryCodes }) : text("security.recovery.none")}
      </p>
      {open && <NewCodes onClose={() => setOpen(false)} />}
    </Section>
  );
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const text = useSecurityText();
  const make = useNewRecoveryCodes();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text(make.data ? "security.recovery" : "security.recovery.new.title")}
      description={make.data ? undefined : text("security.recovery.new.text")}
    >
      {make.data ? (
        <Codes codes={make.data.codes} onDone={onClose} />
      ) : (
        <PasswordForm
          error={make.error}
          busy={make.isPending}
          action={text("security.recovery.new")}
          onCancel={onClose}
          onSubmit={(current) => make.mutate(current)}
        />
      )}
    </Dialog>
  );
}
