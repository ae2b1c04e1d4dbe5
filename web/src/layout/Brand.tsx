import { Link } from "react-router";
import { useText } from "@/i18n";
import { Mark } from "@/ui/Mark";

/** The mark and the name, which lead home. */
export function Brand() {
  const text = useText();
  return (
    <Link to="/" className="flex items-center gap-3 rounded-lg px-2 py-1 text-strong" aria-label={text("app.name")}>
      <Mark className="size-8 shrink-0" />
      <span className="display hidden text-2xl lg:inline">{text("app.name")}</span>
    </Link>
  );
}
