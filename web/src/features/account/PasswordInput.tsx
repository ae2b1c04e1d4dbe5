import { Check, Circle, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useText } from "@/i18n";
import { Input } from "@/ui/Field";
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
