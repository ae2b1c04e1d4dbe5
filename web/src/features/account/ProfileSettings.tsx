import { BadgeCheck, ImageUp, Trash2 } from "lucide-react";
import { type SyntheticEvent, useRef, useState } from "react";
import type { Me } from "@/api/types";
import { formatDate, useText } from "@/i18n";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Field, Input } from "@/ui/Field";
import { errorText } from "@/ui/State";
import { toast } from "@/ui/toast";
import { EmailField } from "./fields";
import { FormProblem } from "./Entrance";
import { Panel } from "./Panel";
import { usePicture } from "./picture";
import { fieldProblems, isGeneral } from "./problems";
import { useUpdateProfile } from "./queries";
import { Unverified } from "./Unverified";

export function ProfileSettings({ me }: { me: Me }) {
  const text = useText();
  const [name, setName] = useState(me.name);
  const [email, setEmail] = useState(me.email);
  const picture = usePicture(me.image);
  const chooser = useRef<HTMLInputElement>(null);
  const update = useUpdateProfile();

  const changed = name.trim() !== me.name || email.trim() !== me.email || picture.changed;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    update.mutate(
      {
        name: name.trim() === me.name ? undefined : name.trim(),
        email: email.trim() === me.email ? undefined : email.trim(),
        image: picture.file,
        clearImage: picture.cleared || undefined,
      },
      {
        onSuccess: (saved) => {
          setName(saved.name);
          setEmail(saved.email);
          picture.reset();
          toast(text("account.saved"));
        },
      },
    );
  };
  const problems = fieldProblems(update.error);
  return (
    <Panel title={text("account.tab.profile")} text={text("account.profile.joined", { date: formatDate(me.joinedAt) })}>
      <Unverified me={me} />
      <form noValidate onSubmit={submit} className="flex flex-col gap-6">
        {isGeneral(update.error, ["name", "email", "image"]) && <FormProblem>{errorText(update.error)}</FormProblem>}
        <div className="flex flex-wrap items-center gap-5">
          <Avatar name={name} image={picture.shown} size={96} />
          <div>
            <div className="flex flex-wrap gap-2">
              <input
                ref={chooser}
                type="file"
                accept="image/*"
                className="sr-only"
                tabIndex={-1}
                aria-label={text("account.picture.choose")}
                onChange={(e) => {
                  picture.choose(e.target.files?.[0]);
                  e.target.value = "";
                }}
              />
              <Button onClick={() => chooser.current?.click()}>
                <ImageUp aria-hidden size={16} />
                {text("account.picture.choose")}
              </Button>
              {picture.shown && (
                <Button kind="ghost" onClick={picture.clear}>
                  <Trash2 aria-hidden size={16} />
                  {text("account.picture.remove")}
                </Button>
              )}
            </div>
            <p className="mt-2 text-xs text-quiet">{text("account.picture.help")}</p>
            {problems["image"] && (
              <p role="alert" className="mt-1 text-sm text-danger">
                {problems["image"]}
              </p>
            )}
          </div>
        </div>
        <Field label={text("account.name")} help={text("account.name.help")} error={problems["name"]} required>
          {(control) => (
            <Input {...control} name="name" autoComplete="name" value={name} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <EmailField
          value={email}
          onChange={setEmail}
          help={me.verified && email.trim() === me.email ? <Verified /> : undefined}
          error={problems["email"]}
          autoComplete="email"
        />
        <div>
          <Button kind="primary" type="submit" disabled={!changed} busy={update.isPending}>
            {text("action.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Verified() {
  const text = useText();
  return (
    <span className="flex items-center gap-1.5 text-good">
      <BadgeCheck aria-hidden size={14} />
      {text("account.verified")}
    </span>
  );
}
