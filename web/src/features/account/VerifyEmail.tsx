import { Link } from "react-router";
import { usePageTitle } from "@/layout/title";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { Button, buttonClass } from "@/ui/Button";
import { errorText, Loading, Skeleton } from "@/ui/State";
import { Entrance, FormProblem } from "./Entrance";
import { LinkOver } from "./LinkOver";
import { useLinkParams } from "./linkKey";
import { isOver, useVerify } from "./mail";
import { useSecurityText } from "./security/texts";

const carried = ["key"] as const;

/** Where the link that proves an e-mail address leads. */
export default function VerifyEmail() {
  const text = useText();
  const own = useSecurityText();
  const me = useMe();
  const { key } = useLinkParams(carried);
  const verify = useVerify(key);
  const [profile, player] = [own("mail.verify.profile"), own("mail.verify.player")];
  usePageTitle(own(verify.isSuccess ? "mail.verify.done" : "mail.verify.busy"));
  if (verify.isSuccess) {
    return (
      <Entrance title={own("mail.verify.done")} lead={own("mail.verify.done.text")}>
        <Link to="/" className={buttonClass("primary", "large")}>
          {player}
        </Link>
      </Entrance>
    );
  }
  if (!key || isOver(verify.error)) return <LinkOver to={me ? "/settings" : "/"} action={me ? profile : player} />;
  return (
    <Entrance title={own("mail.verify.busy")}>
      {verify.isError && !verify.isFetching ? (
        <div className="flex flex-col items-start gap-5">
          <FormProblem>{errorText(verify.error)}</FormProblem>
          <Button onClick={() => void verify.refetch()}>{text("action.retry")}</Button>
        </div>
      ) : (
        <Loading>
          <Skeleton className="h-12" />
        </Loading>
      )}
    </Entrance>
  );
}
