import { Link } from "react-router";
import { buttonClass } from "@/ui/Button";
import { Entrance } from "./Entrance";
import { useSecurityText } from "./security/texts";

interface LinkOverProps {
  /** What it was, if more can be said than that it was a link. */
  title?: string;
  lead?: string;
  to: string;
  action: string;
}

/** In place of what a link led to, if it does not hold any more. */
export function LinkOver({ title, lead, to, action }: LinkOverProps) {
  const own = useSecurityText();
  return (
    <Entrance title={title ?? own("mail.link.over")} lead={lead ?? own("mail.link.over.text")}>
      <Link to={to} className={buttonClass("primary", "large")}>
        {action}
      </Link>
    </Entrance>
  );
}
