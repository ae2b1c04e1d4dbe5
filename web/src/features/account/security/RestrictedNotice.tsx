import { ShieldAlert } from "lucide-react";
import { Link, useLocation } from "react-router";
import type { Me } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import { useSecurityText } from "./texts";

const page = "/settings/security";

/** Says that a role waits for a second factor; nothing to those for whom it does not. */
export function RestrictedNotice({ me }: { me: Me }) {
  const text = useSecurityText();
  const { pathname } = useLocation();
  if (!me.restricted) return null;
  return (
    <aside className="mb-8 flex flex-wrap items-center gap-x-6 gap-y-3 rounded-xl border border-accent bg-raised px-5 py-4">
      <ShieldAlert aria-hidden size={24} className="shrink-0 text-accent" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium text-strong">{text("security.restricted")}</p>
        <p className="mt-0.5 text-sm text-quiet">{text("security.restricted.text")}</p>
      </div>
      {pathname !== page && (
        <Link to={page} className={buttonClass("primary", "small")}>
          {text("security.restricted.action")}
        </Link>
      )}
    </aside>
  );
}
