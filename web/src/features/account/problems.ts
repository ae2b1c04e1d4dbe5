import { ApiError, type FieldError } from "@/api/client";
import { t, type TextKey } from "@/i18n";

const words: Record<string, TextKey> = {
  required: "account.wrong.required",
  too_short: "account.wrong.tooShort",
  too_long: "account.wrong.tooLong",
  too_big: "account.wrong.tooBig",
  malformed: "account.wrong.malformed",
  taken: "account.wrong.taken",
  common: "account.wrong.common",
  numeric: "account.wrong.numeric",
  similar: "account.wrong.similar",
  wrong: "account.wrong.wrong",
  empty: "account.wrong.empty",
  not_image: "account.wrong.notImage",
  too_many_pixels: "account.wrong.tooManyPixels",
};

function wording({ name, code, limit, message }: FieldError): string {
  if (code === "malformed" && name === "email") return t("account.wrong.email");
  if (code === "too_big") return t("account.wrong.tooBig", { limit: Math.round((limit ?? 0) / 1_048_576) });
  const key = words[code];
  return key ? t(key, { limit: limit ?? 0 }) : message;
}

/** What an error says of each field, in the reader's words, by the field's name. */
export function fieldProblems(error: unknown): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!(error instanceof ApiError)) return problems;
  for (const field of error.fields) {
    const text = wording(field);
    problems[field.name] = problems[field.name] ? `${problems[field.name]} ${text}` : text;
  }
  return problems;
}

/** Whether an error is about none of the fields that a form shows. */
export function isGeneral(error: unknown, shown: string[]): boolean {
  if (!error) return false;
  const fields = Object.keys(fieldProblems(error));
  return fields.length === 0 || !fields.every((name) => shown.includes(name));
}
