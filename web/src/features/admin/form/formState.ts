import { ApiError } from "@/api/client";
import { type FieldInfo, isRef, type ModelInfo, type ObjectRow, type Ref, type Value } from "../types";

/** What stands in the fields; files only if one was chosen. */
export type Draft = Record<string, string | boolean | Ref | File | null | undefined>;

const files = new Set(["image", "audio"]);

/** Whether a field can be written in a form that adds, or that changes. */
export function editable(field: FieldInfo, adding: boolean): boolean {
  return !field.readOnly && field.kind !== "readonly" && (field.on === "both" || field.on === (adding ? "add" : "change"));
}

/** Whether a field is shown at all. */
export function visible(field: FieldInfo, adding: boolean): boolean {
  return adding ? editable(field, true) : field.on !== "add";
}

function initial(field: FieldInfo, value: Value | undefined): Draft[string] {
  if (files.has(field.kind)) return undefined;
  if (field.kind === "bool") return value === true;
  if (field.kind === "relation") return isRef(value) ? value : null;
  if (value === null || value === undefined || isRef(value)) return field.kind === "choice" ? (field.choices[0]?.value ?? "") : "";
  return String(value);
}

/** The fields as they stand before anybody writes. */
export function draftOf(model: ModelInfo, row: ObjectRow | undefined): Draft {
  const draft: Draft = {};
  for (const field of model.fields) {
    draft[field.name] = field.kind === "bool" && !row ? field.name === "active" : initial(field, row?.values[field.name]);
  }
  return draft;
}

/** What is sent: everything when adding, and what differs when changing. */
export function formOf(model: ModelInfo, draft: Draft, before: Draft | undefined): FormData {
  const form = new FormData();
  for (const field of model.fields) {
    if (!editable(field, before === undefined)) continue;
    const value = draft[field.name];
    if (value instanceof File) {
      form.set(field.name, value);
      continue;
    }
    if (value === undefined || files.has(field.kind)) continue;
    if (before !== undefined && same(value, before[field.name])) continue;
    if (before === undefined && value === "") continue; // not given: the server says whether it must be
    form.set(field.name, value === null ? "" : isRef(value) ? String(value.id) : String(value));
  }
  return form;
}

function same(a: Draft[string], b: Draft[string]): boolean {
  if (isRef(a) && isRef(b)) return a.id === b.id;
  return a === b;
}

/** Whether anything was written. */
export function dirty(draft: Draft, before: Draft): boolean {
  return Object.keys(draft).some((name) => !same(draft[name], before[name]));
}

/** What is wrong, by field. */
export function problems(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(error.fields.map((f) => [f.name, f.message]));
}
