import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/toast";
import { useSecurityText } from "./texts";

interface CopyButtonProps {
  value: string;
  children: string;
  "aria-label"?: string;
}

/** Copies a text, and says so in its place. */
export function CopyButton({ value, children, "aria-label": name }: CopyButtonProps) {
  const text = useSecurityText();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value); // is not there without HTTPS
      setCopied(true);
    } catch {
      toast(text("security.notCopied"), { kind: "error" });
    }
  };
  const Icon = copied ? Check : Copy;
  return (
    <>
      <Button size="small" aria-label={name} onClick={() => void copy()}>
        <Icon aria-hidden size={14} />
        {copied ? text("security.copied") : children}
      </Button>
      <span role="status" className="sr-only">
        {copied && text("security.copied")}
      </span>
    </>
  );
}
