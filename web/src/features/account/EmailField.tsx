import type { ComponentProps, ReactNode } from "react";
import { useText } from "@/i18n";
import { Field, Input } from "@/ui/Field";

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
