import { useState } from "react";
import { Dialog } from "@/ui/Dialog";
import { Field, Input } from "@/ui/Field";
import { toast } from "@/ui/toast";
import { deviceName } from "../device";
import { fieldProblems } from "../problems";
import { Codes } from "./Codes";
import { PasswordForm } from "./PasswordForm";
import { useAddPasskey } from "./queries";
import { useSecurityText } from "./texts";

/** Names a passkey, lets the browser make it, and shows what to keep. */
export function AddPasskey({ onClose }: { onClose: () => void }) {
  const text = useSecurityText();
  const [name, setName] = useState(deviceName(navigator.userAgent));
  const add = useAddPasskey();
  const codes = add.data?.recoveryCodes ?? [];
  const problems = fieldProblems(add.error);
  const done = () => {
    toast(text("security.keys.added", { name: name.trim() }));
    onClose();
  };
  const submit = (current: string) =>
    add.mutate({ current, name: name.trim() }, { onSuccess: ({ recoveryCodes }) => recoveryCodes.length === 0 && done() });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text(codes.length > 0 ? "security.recovery" : "security.keys.add")}
      description={codes.length > 0 ? undefined : text("security.keys.add.text")}
    >
      {codes.length > 0 ? (
        <Codes codes={codes} onDone={done} />
      ) : (
        <PasswordForm
          error={add.error}
          busy={add.isPending}
          action={text("security.continue")}
          shown={["name"]}
          onSubmit={submit}
          onCancel={onClose}
        >
          <Field label={text("security.keys.name")} help={text("security.keys.name.help")} error={problems["name"]} required>
            {(control) => (
              <Input {...control} name="name" autoComplete="off" autoFocus maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
            )}
          </Field>
        </PasswordForm>
      )}
    </Dialog>
  );
}
