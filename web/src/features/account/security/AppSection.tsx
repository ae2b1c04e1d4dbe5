import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { toast } from "@/ui/toast";
import { PasswordForm } from "./PasswordForm";
import { useRemoveApp } from "./queries";
import { Section } from "./Section";
import { SetUpApp } from "./SetUpApp";
import { useSecurityText } from "./texts";

/** The authenticator app: there is one, or none. */
export function AppSection({ on }: { on: boolean }) {
  const text = useSecurityText();
  const [settingUp, setSettingUp] = useState(false); // also when it is on already, until the codes are kept
  const [removing, setRemoving] = useState(false);
  const remove = useRemoveApp();
  const close = () => {
    remove.reset();
    setRemoving(false);
  };
  return (
    <Section
      title={text("security.app")}
      text={text("security.app.text")}
      action={
        on ? (
          <Button size="small" aria-label={text("security.app.remove.named")} onClick={() => setRemoving(true)}>
            {text("security.app.remove")}
          </Button>
        ) : (
          <Button size="small" kind="primary" onClick={() => setSettingUp(true)}>
            {text("security.app.add")}
          </Button>
        )
      }
    >
      {on ? (
        <p className="mt-3 flex items-center gap-2 text-sm text-good">
          <CircleCheck aria-hidden size={16} />
          {text("security.app.on")}
        </p>
      ) : (
        <p className="mt-3 text-sm text-quiet">{text("security.app.off")}</p>
      )}
      {settingUp && <SetUpApp onClose={() => setSettingUp(false)} />}
      <Dialog
        open={removing}
        onOpenChange={(next) => !next && close()}
        title={text("security.app.remove.title")}
        description={text("security.app.remove.text")}
      >
        <PasswordForm
          error={remove.error}
          busy={remove.isPending}
          action={text("security.app.remove")}
          danger
          onCancel={close}
          onSubmit={(current) =>
            remove.mutate(current, {
              onSuccess: () => {
                toast(text("security.app.removed"));
                close();
              },
            })
          }
        />
      </Dialog>
    </Section>
  );
}
