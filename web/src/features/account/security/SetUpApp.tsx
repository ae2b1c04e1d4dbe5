import { type SyntheticEvent, useState } from "react";
import { ApiError } from "@/api/client";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field, Input } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { FormProblem } from "../Entrance";
import { fieldProblems, isGeneral } from "../problems";
import { Codes } from "./Codes";
import { grouped, typedCode } from "./wording";
import { CopyButton } from "./CopyButton";
import { PasswordForm } from "./PasswordForm";
import { useBeginApp, useConfirmApp } from "./queries";
import { useSecurityText } from "./texts";

/** The way to an authenticator app: the password, the secret and a first code, and what to keep. */
export function SetUpApp({ onClose }: { onClose: () => void }) {
  const text = useSecurityText();
  const begin = useBeginApp();
  const confirm = useConfirmApp();
  const codes = confirm.data?.codes ?? [];
  const done = () => {
    toast(text("security.app.added"));
    onClose();
  };
  const check = (code: string) => confirm.mutate(code, { onSuccess: ({ codes }) => codes.length === 0 && done() });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={text(codes.length > 0 ? "security.recovery" : "security.app")}>
      {codes.length > 0 ? (
        <Codes codes={codes} onDone={done} />
      ) : begin.data ? (
        <Scan {...begin.data} error={confirm.error} busy={confirm.isPending} onCode={check} onCancel={onClose} />
      ) : (
        <PasswordForm
          error={begin.error}
          busy={begin.isPending}
          action={text("security.continue")}
          onSubmit={(current) => begin.mutate(current)}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}

interface ScanProps {
  secret: string;
  url: string;
  qr: string;
  error: unknown;
  busy: boolean;
  onCode: (code: string) => void;
  onCancel: () => void;
}

function Scan({ secret, url, qr, error, busy, onCode, onCancel }: ScanProps) {
  const text = useText();
  const own = useSecurityText();
  const [code, setCode] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onCode(typedCode(code));
  };
  const gone = error instanceof ApiError && error.kind === "not_found";
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4 pt-1 pb-3">
      <p className="text-sm text-text">{own("security.app.scan")}</p>
      {/* Dark on light in both themes: cameras want it so. */}
      <img src={qr} alt={own("security.app.qr")} width={208} height={208} className="self-center rounded-xl bg-[#fff] p-3" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-52 text-xs text-quiet">
          {own("security.app.secret")}
          <code className="mt-1 block font-mono text-sm break-words text-strong">{grouped(secret)}</code>
          <a href={url} className="mt-1 inline-block py-1 font-medium text-accent hover:underline">
            {own("security.app.open")}
          </a>
        </p>
        <CopyButton value={secret} aria-label={own("security.copy.secret")}>
          {own("security.recovery.copy")}
        </CopyButton>
      </div>
      {isGeneral(error, ["code"]) && <FormProblem>{gone ? own("security.app.gone") : errorText(error)}</FormProblem>}
      <Field label={own("security.app.code")} error={fieldProblems(error)["code"] && own("security.code.wrong")} required>
        {(control) => (
          <Input
            {...control}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            maxLength={12}
            className="font-mono"
            value={code}
            onChange={(e) => setCode(e.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="ghost" onClick={onCancel}>
          {text("action.cancel")}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!code.trim()}>
          {own("security.app.confirm")}
        </Button>
      </div>
    </form>
  );
}
