import { type SyntheticEvent, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { useMe, useRegister } from "@/api/session";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button } from "@/ui/Button";
import { Field, Input } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { Entrance, FormProblem } from "./Entrance";
import { comingBack, ownPath } from "./next";
import { PasswordHints, PasswordInput } from "./PasswordInput";
import { fieldProblems, isGeneral } from "./problems";

export default function Register() {
  const text = useText();
  const me = useMe();
  const [params] = useSearchParams();
  const next = ownPath(params.get("next"));
  const [form, setForm] = useState({ fullName: "", email: "", password: "" });
  const register = useRegister();
  usePageTitle(text("nav.register"));

  if (me) return <Navigate to={next} replace />;

  const set = (name: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    register.mutate({ fullName: form.fullName.trim(), email: form.email.trim(), password: form.password });
  };
  const problems = fieldProblems(register.error);
  return (
    <Entrance title={text("account.register.title")} lead={text("account.register.lead")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {isGeneral(register.error, Object.keys(form)) && <FormProblem>{errorText(register.error)}</FormProblem>}
        <Field label={text("account.name")} help={text("account.name.help")} error={problems["fullName"]} required>
          {(control) => (
            <Input {...control} name="name" autoComplete="name" autoFocus value={form.fullName} onChange={set("fullName")} />
          )}
        </Field>
        <Field label={text("account.email")} error={problems["email"]} required>
          {(control) => (
            <Input {...control} type="email" name="email" autoComplete="username" value={form.email} onChange={set("email")} />
          )}
        </Field>
        <Field
          label={text("account.password")}
          help={text("account.password.help")}
          error={problems["password"]}
          required
        >
          {(control) => (
            <PasswordInput
              {...control}
              name="password"
              autoComplete="new-password"
              value={form.password}
              onChange={set("password")}
            />
          )}
        </Field>
        <PasswordHints password={form.password} email={form.email} />
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
