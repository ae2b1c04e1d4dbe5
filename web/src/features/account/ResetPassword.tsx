import { type SyntheticEvent, useState } from "react";
import { Link } from "react-router";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button, buttonClass } from "@/ui/Button";
import { errorText } from "@/ui/State";
import { Entrance, FormProblem } from "./Entrance";
import { LinkOver } from "./LinkOver";
import { useLinkParams } from "./linkKey";
import { isOver, useResetPassword } from "./mail";
import { NewPasswordField } from "./fields";
import { fieldProblems, isGeneral } from "./problems";
import { useSecurityText } from "./security/texts";

const carried = ["key"] as const;

/** Where the link to a new password leads. */
export default function ResetPassword() {
  const text = useText();
  const own = useSecurityText();
  const { key } = useLinkParams(carried);
  const [password, setPassword] = useState("");
  const reset = useResetPassword();
  usePageTitle(own("mail.reset.title"));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    reset.mutate({ key, password });
  };
  if (reset.isSuccess) {
    return (
      <Entrance title={own("mail.reset.done")} lead={own("mail.reset.done.text")}>
        <Link to="/sign-in" className={buttonClass("primary", "large")}>
          {own("mail.toSignIn")}
        </Link>
      </Entrance>
    );
  }
  if (!key || isOver(reset.error)) return <LinkOver to="/forgot-password" action={own("mail.link.again")} />;
  const problems = fieldProblems(reset.error);
  return (
    <Entrance title={own("mail.reset.title")} lead={own("mail.reset.lead")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {isGeneral(reset.error, ["password"]) && <FormProblem>{errorText(reset.error)}</FormProblem>}
        <NewPasswordField
          label={text("account.password.new")}
          value={password}
          onChange={setPassword}
          error={problems["password"]}
          autoFocus
        />
        <Button kind="primary" size="large" type="submit" busy={reset.isPending} disabled={!password}>
          {own("mail.reset.submit")}
        </Button>
      </form>
    </Entrance>
  );
}
