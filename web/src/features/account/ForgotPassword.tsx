import { type SyntheticEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button } from "@/ui/Button";
import { errorText } from "@/ui/State";
import { EmailField } from "./fields";
import { Entrance, FormProblem } from "./Entrance";
import { useRequestReset } from "./mail";
import { comingBack, ownPath } from "./next";
import { fieldProblems, isGeneral } from "./problems";
import { useSecurityText } from "./security/texts";

/** Asks for a mail with a link to a new password. */
export default function ForgotPassword() {
  const text = useText();
  const own = useSecurityText();
  const [params] = useSearchParams();
  const [email, setEmail] = useState("");
  const request = useRequestReset();
  usePageTitle(own("mail.forgot.title"));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    request.mutate(email.trim());
  };
  const back = (
    <p className="mt-6 text-sm">
      <Link to={comingBack("/sign-in", ownPath(params.get("next")))} className="font-semibold text-accent hover:underline">
        {own("mail.toSignIn")}
      </Link>
    </p>
  );
  if (request.isSuccess) {
    return (
      <Entrance title={own("mail.forgot.sent")} lead={own("mail.forgot.sent.text", { email: request.variables })}>
        <p role="status" className="text-sm text-text">
          {own("mail.forgot.again")}
        </p>
        <Button className="mt-5" onClick={() => request.reset()}>
          {text("action.back")}
        </Button>
        {back}
      </Entrance>
    );
  }
  return (
    <Entrance title={own("mail.forgot.title")} lead={own("mail.forgot.lead")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {isGeneral(request.error, ["email"]) && <FormProblem>{errorText(request.error)}</FormProblem>}
        <EmailField value={email} onChange={setEmail} error={fieldProblems(request.error)["email"]} autoFocus />
        <Button kind="primary" size="large" type="submit" busy={request.isPending}>
          {own("mail.forgot.submit")}
        </Button>
      </form>
      {back}
    </Entrance>
  );
}
