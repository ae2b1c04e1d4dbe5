import { formatDate, formatDuration } from "@/i18n";
import { Field, Input, Select, Textarea } from "@/ui/Field";
import { Switch } from "@/ui/Switch";
import { useAdminText, useLabel } from "../texts";
import { type FieldInfo, isRef, type Ref, type Value } from "../types";
import { FileField } from "./FileField";
import type { Draft } from "./formState";
import { RelationPicker } from "./RelationPicker";

interface FormFieldProps {
  field: FieldInfo;
  value: Draft[string];
  /** As the server has it; for what cannot be written, and for files. */
  stored: Value | undefined;
  editable: boolean;
  error?: string;
  onChange: (value: Draft[string]) => void;
}

function Stored({ field, value }: { field: FieldInfo; value: Value | undefined }) {
  const text = useAdminText();
  const name = useLabel();
  if (value === null || value === undefined || value === "") return <>–</>;
  if (isRef(value)) return <>{value.label}</>;
  if (typeof value === "boolean") return <>{text(value ? "admin.yes" : "admin.no")}</>;
  if (field.kind === "duration") return <>{formatDuration(Number(value))}</>;
  if (field.kind === "datetime" || /^\d{4}-\d\d-\d\dT/.test(String(value))) {
    return <>{formatDate(String(value), { dateStyle: "long", timeStyle: "medium" })}</>;
  }
  return <>{field.kind === "choice" ? name(String(value)) : String(value)}</>;
}

const inputTypes: Partial<Record<FieldInfo["kind"], string>> = {
  email: "email",
  password: "password",
  number: "number",
  year: "number",
  duration: "number",
};

/** One field of a form, by its kind. */
export function FormField({ field, value, stored, editable, error, onChange }: FormFieldProps) {
  const text = useAdminText();
  const name = useLabel();
  const label = name(field.label);
  const isNumber = inputTypes[field.kind] === "number";
  const isFile = field.kind === "image" || field.kind === "audio";
  if (!editable && !isFile) {
    return (
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium text-strong">{label}</span>
        <span className="min-h-6 text-sm break-words whitespace-pre-wrap">
          <Stored field={field} value={stored} />
        </span>
      </div>
    );
  }
  return (
    <Field label={label} help={field.help ? name(field.help) : undefined} error={error} required={field.required && editable}>
      {(control) => {
        switch (field.kind) {
          case "textarea":
            return <Textarea {...control} value={String(value ?? "")} maxLength={field.max || undefined} onChange={(e) => onChange(e.target.value)} />;
          case "bool":
            return <Switch id={control.id} checked={value === true} onChange={onChange} />;
          case "choice":
            return (
              <Select {...control} value={String(value ?? "")} onChange={(e) => onChange(e.target.value)}>
                {field.choices.map((c) => (
                  <option key={c.value} value={c.value}>
                    {name(c.label)}
                  </option>
                ))}
              </Select>
            );
          case "relation":
            return (
              <RelationPicker
                model={field.model ?? ""}
                label={label}
                value={(value as Ref | null) ?? null}
                onChange={onChange}
                control={{ id: control.id, "aria-describedby": control["aria-describedby"], "aria-invalid": control["aria-invalid"] }}
              />
            );
          case "image":
          case "audio":
            return (
              <FileField
                field={field}
                control={control}
                current={typeof stored === "string" ? stored : ""}
                file={value instanceof File ? value : undefined}
                onChange={onChange}
                disabled={!editable}
              />
            );
          default:
            return (
              <Input
                {...control}
                type={inputTypes[field.kind] ?? "text"}
                value={String(value ?? "")}
                step={field.kind === "duration" ? "any" : undefined}
                min={isNumber && field.max > 0 ? field.min : undefined}
                max={isNumber ? field.max || undefined : undefined}
                maxLength={isNumber ? undefined : field.max || undefined}
                autoComplete={field.kind === "password" ? "new-password" : "off"}
                placeholder={field.kind === "duration" ? text("admin.seconds") : undefined}
                onChange={(e) => onChange(e.target.value)}
              />
            );
        }
      }}
    </Field>
  );
}
