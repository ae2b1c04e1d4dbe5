import { useQuery } from "@tanstack/react-query";
import { useText } from "@/i18n";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { FormProblem } from "../Entrance";
import { useLinkParams } from "../linkKey";
import { linkFailure } from "../outside/failure";
import { Panel } from "../Panel";
import { AppSection } from "./AppSection";
import { LinkedSection } from "./LinkedSection";
import { PasskeySection } from "./PasskeySection";
import { factorsQuery } from "./queries";
import { RecoverySection } from "./RecoverySection";
import { useSecurityText } from "./texts";

const carried = ["linked", "error"] as const;

/** The own second factors, and the ways in from elsewhere. */
export function SecuritySettings() {
  const text = useText();
  const own = useSecurityText();
  const { linked, error: code } = useLinkParams(carried);
  const failure = linkFailure(code);
  const { data, error, refetch } = useQuery(factorsQuery);
  return (
    <Panel title={text("account.tab.security")} text={own("security.intro")}>
      {failure && (
        <div className="mb-4">
          <FormProblem>{own(failure)}</FormProblem>
        </div>
      )}
      {data ? (
        <div className="flex flex-col gap-4">
          <AppSection on={data.totp} />
          <PasskeySection passkeys={data.passkeys} />
          <RecoverySection factors={data} />
          <LinkedSection linked={failure ? "" : linked} />
        </div>
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading className="flex flex-col gap-4">
          <Skeleton className="h-28" />
          <Skeleton className="h-28" />
          <Skeleton className="h-28" />
        </Loading>
      )}
    </Panel>
  );
}
