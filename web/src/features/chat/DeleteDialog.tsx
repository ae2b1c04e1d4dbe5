import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Message } from "@/api/types";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { preview } from "./preview";
import { deleteMessage } from "./queries";

interface DeleteDialogProps {
  person: string;
  message: Message;
  onClose: () => void;
}

/** Asks before a message goes, for both. */
export function DeleteDialog({ person, message, onClose }: DeleteDialogProps) {
  const text = useText();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: ({ id }: Message) => deleteMessage(client, person, id),
    onSuccess: onClose,
    onError: (error) => toast(errorText(error), { kind: "error" }),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text("chat.delete.title")}
      description={text("chat.delete.text")}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            {text("action.cancel")}
          </Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(message)}>
            {text("action.delete")}
          </Button>
        </>
      }
    >
      <p className="line-clamp-4 rounded-xl bg-lifted px-4 py-3 text-sm wrap-anywhere">{preview(message).line || text("chat.aSong")}</p>
    </Dialog>
  );
}
