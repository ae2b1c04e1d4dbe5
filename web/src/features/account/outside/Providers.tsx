import clsx from "clsx";
import { LogIn } from "lucide-react";
import type { SignInOptions } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import { useSecurityText } from "../security/texts";
import { startAddress } from "./options";

/** The ways in by other services, before the form of this one; nothing if there are none. */
export function Providers({ providers, next }: { providers: SignInOptions["providers"]; next: string }) {
  const own = useSecurityText();
  if (providers.length === 0) return null;
  return (
    <>
      <ul className="flex flex-col gap-3">
        {providers.map(({ name, label, start }) => (
          <li key={name}>
            {/* The whole browser goes there, not only the app's view. */}
            <a href={startAddress(start, next)} className={clsx(buttonClass("secondary", "large"), "w-full")}>
              <LogIn aria-hidden size={20} className="shrink-0" />
              <span className="truncate">{own("outside.continue", { label })}</span>
            </a>
          </li>
        ))}
      </ul>
      <p className="my-6 flex items-center gap-3 text-sm text-quiet before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {own("outside.or")}
      </p>
    </>
  );
}
