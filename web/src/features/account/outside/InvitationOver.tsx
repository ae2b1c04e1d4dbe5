import { LinkOver } from "../LinkOver";
import { useSecurityText } from "../security/texts";

/** In place of what an invitation led to, if it does not hold any more. */
export function InvitationOver() {
  const own = useSecurityText();
  return <LinkOver title={own("invitation.over")} lead={own("invitation.over.text")} to="/sign-in" action={own("mail.toSignIn")} />;
}
