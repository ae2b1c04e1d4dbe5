// The shapes of /admin/api, generated from the server's OpenAPI document, with
// the kinds that the list and the form can show.
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Ref = Schemas["AdminRef"];

/** A value in a row: what the kind of its column says. */
export type Value = string | number | boolean | Ref | null;

export interface Column extends Omit<Schemas["AdminColumn"], "kind"> {
  kind: "text" | "number" | "duration" | "datetime" | "date" | "bool" | "image" | "audio" | "relation" | "badge" | "bytes";
}

export interface Filter extends Omit<Schemas["AdminFilter"], "kind"> {
  kind: "choice" | "bool" | "date" | "relation";
}

export interface FieldInfo extends Omit<Schemas["AdminField"], "kind" | "on"> {
  kind:
    | "text"
    | "textarea"
    | "email"
    | "password"
    | "number"
    | "year"
    | "duration"
    | "bool"
    | "choice"
    | "relation"
    | "image"
    | "audio"
    | "datetime"
    | "readonly";
  on: "add" | "change" | "both";
}

export interface Action extends Omit<Schemas["AdminAction"], "value"> {
  /** What it asks for besides, such as the album to put songs in. */
  value: FieldInfo | null;
}

/** A model as the server declares it: all that the generic list and form need. */
export interface ModelInfo extends Omit<Schemas["AdminModel"], "columns" | "filters" | "actions" | "fields"> {
  columns: Column[];
  filters: Filter[];
  actions: Action[];
  fields: FieldInfo[];
}

export interface Site extends Omit<Schemas["AdminIndex"], "models"> {
  models: ModelInfo[];
}

export interface Row extends Omit<Schemas["AdminRow"], "values"> {
  values: Record<string, Value>;
}

export interface RowPage {
  total: number;
  rows: Row[];
}

export interface ObjectRow extends Omit<Schemas["AdminObject"], "values"> {
  values: Record<string, Value>;
}

export type Facets = Record<string, Schemas["AdminFacet"][]>;
export type Option = Schemas["AdminOption"];
export type AuditEntry = Schemas["AdminEntry"];
export type PreviewItem = Schemas["AdminPreviewItem"];
export type Preview = Schemas["AdminPreview"];
/** What an action is for: some objects, or all that a list shows. */
export type Selection = Schemas["AdminSelection"];
export type DashboardInfo = Schemas["AdminDashboard"];
export type Job = Schemas["AdminJob"];
export type JobQueue = Schemas["AdminQueue"];
export type JobRun = Schemas["AdminRun"];
export type FailedJob = Schemas["AdminFailedJob"];
export type FailedJobs = Schemas["AdminFailed"];
export type LogLine = Schemas["AdminLine"];
export type UploadResult = Schemas["AdminUploaded"];

/** Whether a value names another object. */
export function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && "label" in value;
}
