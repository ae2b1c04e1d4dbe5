import { create } from "zustand";
import { ApiError } from "@/api/client";
import type { Ref, UploadResult } from "../types";

export type UploadState = "waiting" | "sending" | "done" | "duplicate" | "failed";

export interface UploadItem {
  id: number;
  file: File;
  state: UploadState;
  /** From 0 to 1. */
  progress: number;
  result?: UploadResult;
  duplicateOf?: Ref;
  error?: unknown;
}

export interface UploadOptions {
  /** "tags", "none", or an album's id. */
  album: string;
  duplicates: "skip" | "keep";
}

// Outside React, so that uploads go on while one looks at something else.
export const useUploads = create<{ items: UploadItem[] }>(() => ({ items: [] }));

const atOnce = 2;
let last = 0;

function change(id: number, changes: Partial<UploadItem>): void {
  useUploads.setState(({ items }) => ({ items: items.map((i) => (i.id === id ? { ...i, ...changes } : i)) }));
}

/** Sends one file; fetch tells no progress of what it sends, so this is XMLHttpRequest. */
function send(item: UploadItem, options: UploadOptions): Promise<UploadResult> {
  const form = new FormData();
  form.set("album", options.album);
  form.set("duplicates", options.duplicates);
  form.set("audio", item.file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/admin/api/uploads");
    request.responseType = "json";
    request.upload.onprogress = (e) => change(item.id, { progress: e.total > 0 ? e.loaded / e.total : 0 });
    request.onerror = () => reject(new ApiError(0, "offline", ""));
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as UploadResult);
      const error = (request.response as { error?: { kind: string; message: string; details?: Record<string, unknown> } } | null)?.error;
      reject(new ApiError(request.status, error?.kind ?? "internal", error?.message ?? "", [], error?.details));
    };
    request.send(form);
  });
}

async function run(id: number, options: UploadOptions, onSong: () => void): Promise<void> {
  const item = useUploads.getState().items.find((i) => i.id === id);
  if (!item) return;
  change(id, { state: "sending", progress: 0, error: undefined });
  try {
    const result = await send(item, options);
    change(id, { state: "done", progress: 1, result, duplicateOf: result.duplicateOf ?? undefined });
    onSong();
  } catch (error) {
    const duplicateOf = error instanceof ApiError ? (error.details["duplicateOf"] as Ref | undefined) : undefined;
    change(id, duplicateOf ? { state: "duplicate", duplicateOf } : { state: "failed", error });
  }
  pump(options, onSong);
}

/** Starts what waits, a few at a time. */
export function pump(options: UploadOptions, onSong: () => void): void {
  const { items } = useUploads.getState();
  let free = atOnce - items.filter((i) => i.state === "sending").length;
  for (const item of items) {
    if (free <= 0) return;
    if (item.state !== "waiting") continue;
    free--;
    void run(item.id, options, onSong);
  }
}

export function addUploads(files: Iterable<File>): void {
  const added = [...files].map((file): UploadItem => ({ id: ++last, file, state: "waiting", progress: 0 }));
  useUploads.setState(({ items }) => ({ items: [...items, ...added] }));
}

export function retryUpload(id: number): void {
  change(id, { state: "waiting", error: undefined });
}

/** Takes finished ones off the list. */
export function clearUploads(): void {
  useUploads.setState(({ items }) => ({ items: items.filter((i) => i.state === "sending" || i.state === "waiting") }));
}
