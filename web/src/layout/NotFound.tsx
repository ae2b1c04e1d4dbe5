import { Disc3 } from "lucide-react";
import { Link } from "react-router";
import { useText } from "@/i18n";
import { buttonClass } from "@/ui/Button";
import { Empty } from "@/ui/State";
import { usePageTitle } from "./title";

export function NotFound() {
  const text = useText();
  usePageTitle(text("error.notFound"));
  return (
    <>
      <h1 className="sr-only">{text("error.notFound")}</h1>
      <Empty
        icon={Disc3}
        title={text("error.notFound")}
        text={text("error.notFound.text")}
        action={
          <Link to="/" className={buttonClass("primary")}>
            {text("nav.home")}
          </Link>
        }
      />
    </>
  );
}
