import { Link, Navigate, useSearchParams } from "react-router";
import { useMe } from "@/api/session";
import { useText } from "@/i18n";
import { usePageTitle } from "@/layout/title";
import { Button, buttonClass } from "@/ui/Button";
import { errorText, Loading, Skeleton } from "@/ui/State";
import { Entrance, FormProblem } from "./Entrance";
import { useLinkParams } from "./linkKey";
import { isOver } from "./mail";
import { comingBack, ownPath } from "./next";
import { InvitationOver } from "./outside/InvitationOver";
import { useSignInOptions } from "./outside/options";
import { useInvitation } from "./outside/invitation";
import { RegisterForm } from "./RegisterForm";
import { useSecurityText } from "./security/texts";

const carried = ["key"] as const;
const kept = ["next"];

export default function Register() {
  const text = useText();
  const me = useMe();
  const [params] = useSearchParams();
  const next = ownPath(params.get("next"));
  const options = useSignInOptions();
  const { key } = useLinkParams(carried, kept);
  usePageTitle(text("nav.register"));

  if (me) return <Navigate to={next} replace />;
  if (options.registration === "closed" || (options.registration === "invite" && !key)) {
    return <NoForm way={options.registration} next={next} />;
  }
  return key ? <Invited invitation={key} next={next} /> : <RegisterForm options={options} next={next} />;
}

/** Says why there is nothing to fill in. */
function NoForm({ way, next }: { way: "closed" | "invite"; next: string }) {
  const own = useSecurityText();
  return (
    <Entrance title={own(`register.${way}`)} lead={own(`register.${way}.text`)}>
      <Link to={comingBack("/sign-in", next)} className={buttonClass("primary", "large")}>
        {own("mail.toSignIn")}
      </Link>
    </Entrance>
  );
}

/** The form for whom the key of a link invites. */
function Invited({ invitation: key, next }: { invitation: string; next: string }) {
  const text = useText();
  const own = useSecurityText();
  const options = useSignInOptions();
  const { data, error, isError, isFetching, refetch } = useInvitation(key);
  if (data) return <RegisterForm options={options} next={next} invitation={{ ...data, key }} />;
  if (isOver(error)) return <InvitationOver />;
  return (
    <Entrance title={own("invitation.busy")}>
      {isError && !isFetching ? (
        <div className="flex flex-col items-start gap-5">
          <FormProblem>{errorText(error)}</FormProblem>
          <Button onClick={() => void refetch()}>{text("action.retry")}</Button>
        </div>
      ) : (
        <Loading>
          <Skeleton className="h-96" />
        </Loading>
      )}
    </Entrance>
  );
}
