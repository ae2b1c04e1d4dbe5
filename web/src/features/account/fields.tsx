import { Check, Circle, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useState } from "react";
import { useText } from "@/i18n";
import { Field, Input } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { passwordRules } from "./passwordRules";

/** A password field whose content can be looked at. */
export function PasswordInput(props: Omit<ComponentProps<"input">, "type">) {
  const text = useText();
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input {...props} type={shown ? "text" : "password"} className="pr-11" autoCapitalize="none" spellCheck={false} />
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={text("account.showPassword")}
        pressed={shown}
        size="small"
        className="absolute top-1 right-1"
        onClick={() => setShown(!shown)}
      />
    </div>
  );
}

/** What a new password needs, ticked off while it is typed. */
export function PasswordHints({ password, email }: { password: string; email?: string }) {
  const text = useText();
  return (
    <ul className="flex flex-col gap-1 text-xs text-quiet">
      {passwordRules(password, email).map((rule) => (
        <li key={rule.text} className={rule.met ? "flex items-center gap-2 text-good" : "flex items-center gap-2"}>
          {rule.met ? <Check aria-hidden size={14} /> : <Circle aria-hidden size={14} className="scale-50" />}
          {text(rule.text)}
          <span className="sr-only">{text(rule.met ? "account.rule.met" : "account.rule.open")}</span>
        </li>
      ))}
    </ul>
  );
}

interface NewPasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string;
  /** Whose it will be, if that is known: a password must not be like it. */
  email?: string;
  autoFocus?: boolean;
}

/** A password that is to be chosen, and below it what it needs. */
export function NewPasswordField({ label, value, onChange, error, email, autoFocus }: NewPasswordFieldProps) {
  const text = useText();
  return (
    <>
      <Field label={label} help={text("account.password.help")} error={error} required>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="new-password"
            autoFocus={autoFocus}
            value={value}
            onChange={(e) => onChange(e.target.value)}
          />
        )}
      </Field>
      <PasswordHints password={value} email={email} />
    </>
  );
}

interface EmailFieldProps extends Pick<ComponentProps<"input">, "autoComplete" | "autoFocus" | "readOnly"> {
  value: string;
  onChange: (value: string) => void;
  help?: ReactNode;
  error?: string;
}

/** One's own address. To password managers it is the name one signs in with. */
export function EmailField({ value, onChange, help, error, ...rest }: EmailFieldProps) {
  const text = useText();
  return (
    <Field label={text("account.email")} help={help} error={error} required>
      {(control) => (
        <Input
          autoComplete="username"
          {...control}
          {...rest}
          type="email"
          name="email"
          className={rest.readOnly ? "border-dashed" : undefined}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  );
}
