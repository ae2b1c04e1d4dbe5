import { useQuery } from "@tanstack/react-query";
import { useText } from "@/i18n";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { Panel } from "../Panel";
import { AppSection } from "./AppSection";
import { PasskeySection } from "./PasskeySection";
import { factorsQuery } from "./queries";
import { RecoverySection } from "./RecoverySection";
import { useSecurityText } from "./texts";

/** The own second factors. */
export function SecuritySettings() {
  const text = useText();
  const own = useSecurityText();
  const { data, error, refetch } = useQuery(factorsQuery);
  return (
    <Panel title={text("account.tab.security")} text={own("security.intro")}>
      {data ? (
        <div className="flex flex-col gap-4">
          <AppSection on={data.totp} />
          <PasskeySection passkeys={data.passkeys} />
          <RecoverySection factors={data} />
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
