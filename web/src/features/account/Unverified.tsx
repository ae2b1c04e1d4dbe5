import { MailWarning } from "lucide-react";
import type { Me } from "@/api/types";
import { Button } from "@/ui/Button";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { useResendVerification } from "./mail";
import { useSecurityText } from "./security/texts";

/** Says that the address is not known to be one's own, and sends the mail again. */
export function Unverified({ me }: { me: Me }) {
  const own = useSecurityText();
  const resend = useResendVerification();
  if (me.verified) return null;
  const send = () =>
    resend.mutate(undefined, {
      onSuccess: () => toast(own("mail.unverified.sent")),
      onError: (error) => toast(errorText(error), { kind: "error" }),
    });
  return (
    <aside className="mb-6 flex flex-wrap items-center gap-x-5 gap-y-3 rounded-xl border border-line-strong bg-raised px-5 py-4">
      <MailWarning aria-hidden size={20} className="shrink-0 text-accent" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="text-sm font-medium text-strong">{own("mail.unverified")}</p>
        <p className="mt-0.5 text-sm break-words text-quiet">{own("mail.unverified.text", { email: me.email })}</p>
      </div>
      <Button size="small" busy={resend.isPending} disabled={resend.isSuccess} onClick={send}>
        {own("mail.unverified.resend")}
      </Button>
    </aside>
  );
}
