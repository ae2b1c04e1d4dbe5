import type { Audience, Me } from "@/api/types";
import { useText } from "@/i18n";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { Choices } from "./Choices";
import { Panel } from "./Panel";
import { useUpdateProfile } from "./queries";

const audiences: Audience[] = ["everyone", "acquaintances", "nobody"];

export function PrivacySettings({ me }: { me: Me }) {
  const text = useText();
  const update = useUpdateProfile();
  const choose = (activityVisibleTo: Audience) =>
    update.mutate(
      { activityVisibleTo },
      {
        onSuccess: () => toast(text("account.saved")),
        onError: (error) => toast(errorText(error), { kind: "error" }),
      },
    );
  return (
    <Panel title={text("account.tab.privacy")} text={text("account.privacy.intro")}>
      <Choices
        legend={text("account.privacy.legend")}
        value={update.isPending ? (update.variables.activityVisibleTo ?? me.activityVisibleTo) : me.activityVisibleTo}
        onChange={choose}
        choices={audiences.map((value) => ({
          value,
          label: text(`account.privacy.${value}`),
          text: text(`account.privacy.${value}.text`),
        }))}
      />
    </Panel>
  );
}
