import { useText } from "@/i18n";
import { Field } from "@/ui/Field";
import { PasswordHints, PasswordInput } from "./PasswordInput";

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
