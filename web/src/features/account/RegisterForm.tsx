import { type SyntheticEvent, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { useRegister } from "@/api/session";
import type { Invitation, SignInOptions } from "@/api/types";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Field, Input } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { EmailField, NewPasswordField } from "./fields";
import { Entrance, FormProblem } from "./Entrance";
import { comingBack } from "./next";
import { InvitationOver } from "./outside/InvitationOver";
import { Providers } from "./outside/Providers";
import { fieldProblems, isGeneral } from "./problems";
import { useSecurityText } from "./security/texts";

interface RegisterFormProps {
  options: SignInOptions;
  next: string;
  /** What one was invited to, and the key that proves it. */
  invitation?: Invitation & { key: string };
}

export function RegisterForm({ options, next, invitation }: RegisterFormProps) {
  const text = useText();
  const own = useSecurityText();
  const [form, setForm] = useState({ fullName: "", email: invitation?.email ?? "", password: "" });
  const register = useRegister();

  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    register.mutate({ ...form, fullName: form.fullName.trim(), email: form.email.trim(), invitation: invitation?.key });
  };
  const problems = fieldProblems(register.error);
  if (invitation && problems["invitation"]) return <InvitationOver />;

  const domains = invitation ? "" : options.domains.map((domain) => `@${domain}`).join(", ");
  const lead = invitation
    ? [own("invitation.lead"), invitation.role !== "member" && own(`invitation.${invitation.role}`)].filter(Boolean).join(" ")
    : text("account.register.lead");
  const refused = register.error instanceof ApiError && register.error.kind === "forbidden";
  return (
    <Entrance title={invitation ? own("invitation.title") : text("account.register.title")} lead={lead}>
      <Providers providers={options.providers} next={next} />
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {isGeneral(register.error, Object.keys(form)) && (
          <FormProblem>
            {!refused ? errorText(register.error) : domains ? own("register.domains", { domains }) : own("register.refused")}
          </FormProblem>
        )}
        <Field label={text("account.name")} help={text("account.name.help")} error={problems["fullName"]} required>
          {(control) => (
            <Input {...control} name="name" autoComplete="name" autoFocus value={form.fullName} onChange={(e) => set("fullName")(e.target.value)} />
          )}
        </Field>
        <EmailField
          value={form.email}
          onChange={set("email")}
          help={invitation ? own("invitation.email") : domains && own("register.domains", { domains })}
          error={problems["email"]}
          readOnly={invitation !== undefined}
        />
        <NewPasswordField
          label={text("account.password")}
          value={form.password}
          onChange={set("password")}
          error={problems["password"]}
          email={form.email}
        />
        <Button kind="primary" size="large" type="submit" busy={register.isPending}>
          {text("account.register.submit")}
        </Button>
      </form>
      <p className="mt-6 text-sm text-quiet">
        {text("account.register.known")}{" "}
        <Link to={comingBack("/sign-in", next)} className="font-semibold text-accent hover:underline">
          {text("nav.signIn")}
        </Link>
      </p>
    </Entrance>
  );
}
