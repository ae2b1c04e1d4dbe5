import { Link } from "react-router";
import { buttonClass } from "@/ui/Button";
import { Entrance } from "./Entrance";
import { useSecurityText } from "./security/texts";

/** In place of what a link led to, if it does not hold any more. */
export function LinkOver({ to, action }: { to: string; action: string }) {
  const own = useSecurityText();
  return (
    <Entrance title={own("mail.link.over")} lead={own("mail.link.over.text")}>
      <Link to={to} className={buttonClass("primary", "large")}>
        {action}
      </Link>
    </Entrance>
  );
}
