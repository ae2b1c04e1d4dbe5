import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type SyntheticEvent, useState } from "react";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { FormProblem } from "../Entrance";
import { PasswordInput } from "../fields";
import { fieldProblems, isGeneral } from "../problems";
import { problemText } from "./problem";
import { factorsQuery } from "./queries";
import { useSecurityText } from "./texts";

interface PasswordFormProps {
  error: unknown;
  busy: boolean;
  /** What its button says. */
  action: string;
  danger?: boolean;
  /** Fields besides the password, and their names. */
  children?: ReactNode;
  shown?: string[];
  onSubmit: (current: string) => void;
  onCancel: () => void;
}

/** The content of a dialog that asks for the password before a change. */
export function PasswordForm({ error, busy, action, danger, children, shown = [], onSubmit, onCancel }: PasswordFormProps) {
  const text = useText();
  const own = useSecurityText();
  const me = useMe();
  const [current, setCurrent] = useState("");
  const asked = useQuery(factorsQuery).data?.password !== false; // who signs in elsewhere may have none
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSubmit(current);
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4 pt-1 pb-3">
      {isGeneral(error, ["current", ...shown]) && <FormProblem>{problemText(error, own)}</FormProblem>}
      {children}
      {/* Tells password managers whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={me?.email ?? ""} readOnly hidden />
      {asked && (
        <Field label={own("security.password")} help={own("security.password.text")} error={fieldProblems(error)["current"]}>
          {(control) => (
            <PasswordInput
              {...control}
              name="current"
              autoComplete="current-password"
              autoFocus={!children}
              value={current}
              onChange={(e) => setCurrent(e.target.value)}
            />
          )}
        </Field>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="ghost" onClick={onCancel}>
          {text("action.cancel")}
        </Button>
        <Button kind={danger ? "danger" : "primary"} type="submit" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
