import { type SyntheticEvent, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { ApiError } from "@/api/client";
import { useMe, useSignIn } from "@/api/session";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { EmailField, PasswordInput } from "./fields";
import { Entrance, FormProblem } from "./Entrance";
import { useLinkParams } from "./linkKey";
import { comingBack, ownPath } from "./next";
import { signInFailure } from "./outside/failure";
import { useSignInOptions } from "./outside/options";
import { Providers } from "./outside/Providers";
import { fieldProblems, isGeneral } from "./problems";
import { SecondStep } from "./SecondStep";
import { stepOf } from "./step";
import { useSecurityText } from "./security/texts";

const carried = ["error"] as const;
const kept = ["next"];

export default function SignIn() {
  const text = useText();
  const me = useMe();
  const [params] = useSearchParams();
  const next = ownPath(params.get("next"));
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [over, setOver] = useState(false); // the second step took too long
  const own = useSecurityText();
  const { registration, providers } = useSignInOptions();
  const failure = signInFailure(useLinkParams(carried, kept).error);
  const signIn = useSignIn();
  usePageTitle(text("nav.signIn"));

  // The page of second factors says whose role waits for one.
  if (me) return <Navigate to={me.restricted && next === "/" ? "/settings/security" : next} replace />;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setOver(false);
    signIn.mutate({ email: email.trim(), password });
  };
  const step = stepOf(signIn.error);
  if (step) {
    const back = (tooLate: boolean) => {
      setOver(tooLate);
      setPassword("");
      signIn.reset();
    };
    const lead = step.passkey ? (step.totp ? "security.step.both" : "security.step.key") : "security.step.app";
    return (
      <Entrance title={own("security.step.title")} lead={own(lead)}>
        <SecondStep step={step} onBack={back} />
      </Entrance>
    );
  }
  const problems = fieldProblems(signIn.error);
  const refused = signIn.error instanceof ApiError && signIn.error.kind === "unauthenticated";
  return (
    <Entrance title={text("account.signIn.title")} lead={text("account.signIn.lead")}>
      {failure && signIn.isIdle && (
        <div className="mb-6">
          <FormProblem>{own(failure)}</FormProblem>
        </div>
      )}
      <Providers providers={providers} next={next} />
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {over && <FormProblem>{own("security.step.over")}</FormProblem>}
        {isGeneral(signIn.error, ["email", "password"]) && (
          <FormProblem>{refused ? text("account.signIn.refused") : errorText(signIn.error)}</FormProblem>
        )}
        <EmailField value={email} onChange={setEmail} error={problems["email"]} autoFocus />
        <Field label={text("account.password")} error={problems["password"]} required>
          {(control) => (
            <PasswordInput
              {...control}
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(e) => setPassword(e.target.value)}
            />
          )}
        </Field>
        <Button kind="primary" size="large" type="submit" busy={signIn.isPending}>
          {text("nav.signIn")}
        </Button>
      </form>
      <p className="mt-6 text-sm">
        <Link to={comingBack("/forgot-password", next)} className="font-semibold text-accent hover:underline">
          {own("mail.forgot")}
        </Link>
      </p>
      {registration !== "closed" && (
        <p className="mt-3 text-sm text-quiet">
          {text("account.signIn.new")}{" "}
          <Link to={comingBack("/register", next)} className="font-semibold text-accent hover:underline">
            {text("account.signIn.register")}
          </Link>
        </p>
      )}
    </Entrance>
  );
}
