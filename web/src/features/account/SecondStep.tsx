import { Fingerprint } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { ApiError } from "@/api/client";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Field, Input } from "@/ui/Field";
import { FormProblem } from "./Entrance";
import { fieldProblems, isGeneral } from "./problems";
import { type Step, useFinishSignIn } from "./step";
import { problemText } from "./security/problem";
import { useSecurityText } from "./security/texts";
import { hasPasskeys } from "./security/webauthn";
import { typedCode } from "./security/wording";

interface SecondStepProps {
  step: Step;
  /** Back to the password, because it took too long or by choice. */
  onBack: (over: boolean) => void;
}

/** Asks for the second factor, once the password was right. */
export function SecondStep({ step, onBack }: SecondStepProps) {
  const text = useText();
  const own = useSecurityText();
  const [code, setCode] = useState("");
  const finish = useFinishSignIn(step.challenge);
  const send = (typed: string | undefined) =>
    finish.mutate(typed, {
      onError: (error) => {
        if (error instanceof ApiError && error.kind === "unauthenticated") onBack(true);
      },
    });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    send(typedCode(code));
  };
  const withPasskey = step.passkey && hasPasskeys();
  const byPasskey = finish.isPending && finish.variables === undefined;
  const wrong = fieldProblems(finish.error)["code"] && own("security.code.wrong");
  return (
    <div className="flex flex-col gap-5">
      {isGeneral(finish.error, ["code"]) && <FormProblem>{problemText(finish.error, own)}</FormProblem>}
      {withPasskey && (
        <>
          <Button
            kind={step.totp ? "secondary" : "primary"}
            size="large"
            autoFocus={!step.totp}
            busy={byPasskey}
            disabled={finish.isPending}
            onClick={() => send(undefined)}
          >
            <Fingerprint aria-hidden size={20} />
            {own("security.step.usePasskey")}
          </Button>
          <p className="flex items-center gap-3 text-sm text-quiet before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            {own("security.step.or")}
          </p>
        </>
      )}
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        <Field
          label={own(step.totp ? "security.step.code" : "security.step.recovery")}
          help={own(step.totp ? "security.step.code.help" : "security.step.recovery.help")}
          error={wrong}
        >
          {(control) => (
            <Input
              {...control}
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus={step.totp || !withPasskey}
              maxLength={64}
              className="font-mono"
              value={code}
              onChange={(e) => setCode(e.target.value)}
            />
          )}
        </Field>
        <Button
          kind={withPasskey && !step.totp ? "secondary" : "primary"}
          size="large"
          type="submit"
          busy={finish.isPending && !byPasskey}
          disabled={!code.trim() || finish.isPending}
        >
          {text("nav.signIn")}
        </Button>
      </form>
      <button type="button" onClick={() => onBack(false)} className="self-start py-1 text-sm font-semibold text-accent hover:underline">
        {own("security.step.back")}
      </button>
    </div>
  );
}
