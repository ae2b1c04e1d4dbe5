import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { useText } from "@/i18n";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { FormProblem } from "../Entrance";
import { useUnlink } from "./identities";
import { useSecurityText } from "./texts";

/** Asks whether an account elsewhere shall sign in no more. */
export function Unlink({ id, label, onClose }: { id: number; label: string; onClose: () => void }) {
  const text = useText();
  const own = useSecurityText();
  const unlink = useUnlink();
  const only = unlink.error instanceof ApiError && unlink.error.kind === "conflict";
  const confirm = () =>
    unlink.mutate(id, {
      onSuccess: () => {
        toast(own("linked.unlink.done", { label }));
        onClose();
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={own("linked.unlink.title", { label })}
      description={own("linked.unlink.text")}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            {text("action.cancel")}
          </Button>
          {only ? (
            <Link to="/forgot-password" className={buttonClass("primary")}>
              {own("linked.unlink.password")}
            </Link>
          ) : (
            <Button kind="danger" busy={unlink.isPending} onClick={confirm}>
              {own("linked.unlink")}
            </Button>
          )}
        </>
      }
    >
      {unlink.error && <FormProblem>{only ? own("linked.unlink.only") : errorText(unlink.error)}</FormProblem>}
    </Dialog>
  );
}
