import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import type { Me } from "@/api/types";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { FormProblem } from "./Entrance";
import { NewPasswordField, PasswordInput } from "./fields";
import { Panel } from "./Panel";
import { fieldProblems, isGeneral } from "./problems";
import { useChangePassword } from "./queries";
import { factorsQuery } from "./security/queries";
import { useSecurityText } from "./security/texts";

export function PasswordSettings({ me }: { me: Me }) {
  const text = useText();
  const own = useSecurityText();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useChangePassword();
  const client = useQueryClient();
  // Who always signs in elsewhere may have none yet.
  const first = useQuery(factorsQuery).data?.password === false;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(
      { current, password },
      {
        onSuccess: () => {
          setCurrent("");
          setPassword("");
          toast(first ? own("password.isSet") : text("account.password.changed"));
          void client.invalidateQueries(factorsQuery);
        },
      },
    );
  };
  const problems = fieldProblems(change.error);
  return (
    <Panel title={text("account.tab.password")} text={first ? own("password.none") : text("account.password.intro")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {isGeneral(change.error, ["current", "password"]) && <FormProblem>{errorText(change.error)}</FormProblem>}
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
        {!first && (
          <Field label={text("account.password.current")} error={problems["current"]} required>
            {(control) => (
              <PasswordInput
                {...control}
                name="current"
                autoComplete="current-password"
                value={current}
                onChange={(e) => setCurrent(e.target.value)}
              />
            )}
          </Field>
        )}
        <NewPasswordField
          label={text("account.password.new")}
          value={password}
          onChange={setPassword}
          error={problems["password"]}
          email={me.email}
        />
        <div>
          <Button kind="primary" type="submit" disabled={(!first && !current) || !password} busy={change.isPending}>
            {first ? own("password.set") : text("account.password.change")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
