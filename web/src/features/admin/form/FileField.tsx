import { useEffect, useMemo } from "react";
import { fresh } from "@/api/media";
import { Cover } from "@/ui/Cover";
import { inputClass } from "@/ui/Field";
import { useAdminText } from "../texts";
import type { FieldInfo } from "../types";

interface FileFieldProps {
  field: FieldInfo;
  control: { id: string; "aria-describedby"?: string; "aria-invalid"?: true; required?: boolean };
  /** The address of what is there now. */
  current: string;
  file: File | undefined;
  onChange: (file: File | undefined) => void;
  disabled?: boolean;
}

/** A file with a preview of the present one and of the one chosen. */
export function FileField({ field, control, current, file, onChange, disabled }: FileFieldProps) {
  const text = useAdminText();
  const url = useMemo(() => (file ? URL.createObjectURL(file) : ""), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const source = url || fresh(current);
  return (
    <div className="flex flex-wrap items-center gap-4">
      {field.kind === "image" && source && <Cover image={source} size={160} alt={text("admin.file.preview")} className="size-24" />}
      {field.kind === "audio" && source && (
        // Music has no captions.
        // eslint-disable-next-line jsx-a11y/media-has-caption
        <audio controls preload="none" src={source} aria-label={text("admin.file.preview")} className="h-10 w-72 max-w-full" />
      )}
      <div className="min-w-0 flex-1">
        {current && !file && (
          <p className="mb-1.5 truncate text-xs text-quiet">{text("admin.file.current", { name: decodeURI(current.replace(/\?.*$/, "").split("/").at(-1) ?? "") })}</p>
        )}
        {!disabled && (
          <input
            {...control}
            type="file"
            required={control.required && !current}
            accept={field.accept ?? (field.kind === "image" ? "image/*" : "audio/*")}
            onChange={(e) => onChange(e.target.files?.[0])}
            className={`${inputClass} file:mr-3 file:rounded-full file:border-0 file:bg-lifted file:px-3 file:py-1 file:text-sm file:text-strong`}
          />
        )}
      </div>
    </div>
  );
}
