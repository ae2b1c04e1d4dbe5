import { useQuery } from "@tanstack/react-query";
import { KeyRound, Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import type { SignIn } from "@/api/types";
import { formatAgo, formatDate, useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { errorText, Failed, Loading, Skeleton } from "@/ui/State";
import { toast } from "@/ui/toast";
import { deviceName, isHandheld } from "./device";
import { Panel } from "./Panel";
import { signInsQuery, useRevoke } from "./queries";
import { useSecurityText } from "./security/texts";

export function SignInSettings() {
  const text = useText();
  const own = useSecurityText();
  const { data, error, isPending, refetch } = useQuery(signInsQuery);
  const [ending, setEnding] = useState<SignIn>();
  return (
    <Panel title={text("account.tab.signIns")} text={own("signIns.intro")}>
      {isPending ? (
        <Loading className="flex flex-col gap-2">
          <Skeleton className="h-16" />
          <Skeleton className="h-16" />
        </Loading>
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line">
          {data.map((signIn) => (
            <Row key={`${signIn.kind}-${signIn.id}`} signIn={signIn} onEnd={() => setEnding(signIn)} />
          ))}
        </ul>
      )}
      <EndDialog signIn={ending} onClose={() => setEnding(undefined)} />
    </Panel>
  );
}

function Row({ signIn, onEnd }: { signIn: SignIn; onEnd: () => void }) {
  const own = useSecurityText();
  const Icon = signIn.kind === "token" ? KeyRound : isHandheld(signIn.label) ? Smartphone : Monitor;
  const name = deviceName(signIn.label) || own(`signIns.${signIn.kind}`);
  const facts = [
    own("signIns.since", { date: formatDate(signIn.createdAt) }),
    signIn.lastUsedAt && own("signIns.used", { ago: formatAgo(signIn.lastUsedAt) }),
    signIn.expiresAt && own("signIns.until", { date: formatDate(signIn.expiresAt) }),
  ];
  return (
    <li className="flex items-center gap-4 px-4 py-3">
      <Icon aria-hidden size={20} className="shrink-0 text-quiet" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium text-strong" title={signIn.label}>
          {name}
        </p>
        <p className="text-xs text-quiet">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {signIn.current ? (
        <span className="shrink-0 text-xs font-medium text-good">{own("signIns.current")}</span>
      ) : (
        <Button size="small" onClick={onEnd} aria-label={own("signIns.end.named", { name })}>
          {own(signIn.kind === "token" ? "signIns.revoke" : "signIns.end")}
        </Button>
      )}
    </li>
  );
}

function EndDialog({ signIn, onClose }: { signIn: SignIn | undefined; onClose: () => void }) {
  const text = useText();
  const own = useSecurityText();
  const revoke = useRevoke();
  const end = () => {
    if (!signIn) return;
    revoke.mutate(signIn, {
      onSuccess: () => {
        onClose();
        toast(own("signIns.ended"));
      },
      onError: (error) => toast(errorText(error), { kind: "error" }),
    });
  };
  const token = signIn?.kind === "token";
  return (
    <Dialog
      open={signIn !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={own(token ? "signIns.revoke.title" : "signIns.end.title")}
      description={own(token ? "signIns.revoke.text" : "signIns.end.text")}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            {text("action.cancel")}
          </Button>
          <Button kind="danger" busy={revoke.isPending} onClick={end}>
            {own(token ? "signIns.revoke" : "signIns.end")}
          </Button>
        </>
      }
    >
      <p className="text-sm break-words text-text">{signIn && (deviceName(signIn.label) || own(`signIns.${signIn.kind}`))}</p>
    </Dialog>
  );
}
