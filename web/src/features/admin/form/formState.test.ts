import { expect, test } from "vitest";
import type { FieldInfo, ModelInfo, ObjectRow } from "../types";
import { dirty, draftOf, formOf } from "./formState";

const field = (name: string, kind: FieldInfo["kind"]): FieldInfo => ({
  name,
  label: name,
  kind,
  required: false,
  help: "",
  min: 0,
  max: 0,
  choices: [],
  on: "both",
  readOnly: false,
});
const model = {
  fields: [field("title", "text"), field("album", "relation"), field("active", "bool"), field("image", "image"), field("at", "readonly")],
} as ModelInfo;
const row = { id: 1, label: "x", values: { title: "A", album: { id: 7, label: "B" }, active: true, image: "/media/i.png", at: "now" } } as unknown as ObjectRow;

test("a change sends only what differs", () => {
  const before = draftOf(model, row);
  expect(dirty({ ...before }, before)).toBe(false);
  const after = { ...before, title: "C", album: { id: 7, label: "renamed" } };
  expect(Object.fromEntries(formOf(model, after, before))).toEqual({ title: "C" });
});

test("a relation is sent by its id, and an emptied one as nothing", () => {
  const before = draftOf(model, row);
  expect(Object.fromEntries(formOf(model, { ...before, album: { id: 8, label: "D" } }, before))).toEqual({ album: "8" });
  expect(Object.fromEntries(formOf(model, { ...before, album: null }, before))).toEqual({ album: "" });
});

test("a new object sends what was given", () => {
  const draft = { ...draftOf(model, undefined), title: "N" };
  expect(Object.fromEntries(formOf(model, draft, undefined))).toEqual({ title: "N", album: "", active: "true" });
});
