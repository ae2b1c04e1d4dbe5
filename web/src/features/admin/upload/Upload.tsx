import clsx from "clsx";
import { CircleAlert, CircleCheck, Copy, RotateCcw, UploadCloud } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { Link } from "react-router";
import { t } from "@/i18n";
import { Button, buttonClass } from "@/ui/Button";
import { Field, Select } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { errorText } from "@/ui/State";
import { PageHead } from "../AdminShell";
import { RelationPicker } from "../form/RelationPicker";
import { formatBytes } from "../list/Cell";
import { useForget } from "../queries";
import { useAdminText } from "../texts";
import type { Ref } from "../types";
import { addUploads, clearUploads, pump, retryUpload, type UploadItem, type UploadOptions, useUploads } from "./uploads";

function Status({ item }: { item: UploadItem }) {
  const text = useAdminText();
  switch (item.state) {
    case "waiting":
      return <span className="text-quiet">{text("admin.upload.waiting")}</span>;
    case "sending":
      return <span className="text-quiet">{text(item.progress < 1 ? "admin.upload.sending" : "admin.upload.reading")}</span>;
    case "failed":
      return (
        <span className="inline-flex items-center gap-1.5 text-danger">
          <CircleAlert aria-hidden size={15} className="shrink-0" />
          {errorText(item.error)}
        </span>
      );
    case "duplicate":
      return (
        <span className="inline-flex items-center gap-1.5">
          <Copy aria-hidden size={15} className="shrink-0 text-sea" />
          {text("admin.upload.duplicate", { name: item.duplicateOf?.label ?? "" })}
        </span>
      );
    case "done": {
      const album = item.result?.album;
      return (
        <span className="inline-flex items-center gap-1.5">
          <CircleCheck aria-hidden size={15} className="shrink-0 text-good" />
          {album
            ? text(album.created ? "admin.upload.done.newAlbum" : "admin.upload.done.album", { name: album.label })
            : text("admin.upload.done")}
        </span>
      );
    }
  }
}

function Item({ item, onRetry }: { item: UploadItem; onRetry: () => void }) {
  const text = useAdminText();
  const song = item.result?.song;
  const target = song?.id ?? item.duplicateOf?.id;
  return (
    <li className="relative flex items-center gap-4 overflow-hidden border-b border-line px-4 py-3 text-sm last:border-0">
      <div className="min-w-0 flex-1">
        {target === undefined ? (
          <p className="truncate text-strong">{item.file.name}</p>
        ) : (
          <Link to={`/admin/songs/${target}`} className="block truncate font-medium text-strong hover:text-accent hover:underline">
            {song?.label ?? item.file.name}
          </Link>
        )}
        <p className="mt-0.5 truncate text-xs">
          <Status item={item} />
        </p>
      </div>
      <span className="text-xs text-quiet tabular-nums">{formatBytes(item.file.size)}</span>
      {item.state === "failed" && <IconButton icon={RotateCcw} size="small" label={t("action.retry")} onClick={onRetry} />}
      {item.state === "sending" && (
        <progress
          value={item.progress}
          max={1}
          aria-label={text("admin.upload.progress", { name: item.file.name })}
          className="absolute inset-x-0 bottom-0 h-0.5 w-full appearance-none [&::-webkit-progress-bar]:bg-lifted [&::-webkit-progress-value]:bg-accent"
        />
      )}
    </li>
  );
}

/** Takes many songs at once: dropped or chosen, their tags read, into the albums they name. */
export function Upload() {
  const text = useAdminText();
  const items = useUploads((s) => s.items);
  const forget = useForget();
  const input = useId();
  const [over, setOver] = useState(false);
  const [mode, setMode] = useState<"tags" | "none" | "album">("tags");
  const [album, setAlbum] = useState<Ref | null>(null);
  const [duplicates, setDuplicates] = useState<UploadOptions["duplicates"]>("skip");
  const options: UploadOptions = { album: mode === "album" ? String(album?.id ?? "none") : mode, duplicates };
  const start = () => pump(options, () => void forget());
  const take = (files: Iterable<File>) => {
    addUploads(files);
    start();
  };
  const onDrop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files);
  };
  const done = items.filter((i) => i.state === "done").length;
  const finished = items.filter((i) => i.state !== "waiting" && i.state !== "sending").length;
  return (
    <>
      <PageHead title={text("admin.upload")} />
      <div className="grid max-w-5xl gap-6 lg:grid-cols-[1fr_18rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <div
            role="group"
            aria-label={text("admin.upload.drop")}
            onDragOver={(e) => {
              e.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={onDrop}
            className={clsx(
              "flex flex-col items-center gap-3 rounded-2xl border-2 border-dashed px-6 py-12 text-center transition-colors",
              over ? "border-accent bg-lifted" : "border-line-strong bg-raised",
            )}
          >
            <UploadCloud aria-hidden size={36} strokeWidth={1.5} className="text-quiet" />
            <p className="font-medium text-strong">{text("admin.upload.drop")}</p>
            <p className="text-sm text-quiet">{text("admin.upload.formats")}</p>
            <input
              id={input}
              type="file"
              multiple
              accept="audio/*,.flac,.opus,.m4a"
              className="peer sr-only"
              onChange={(e) => {
                take(e.target.files ?? []);
                e.target.value = "";
              }}
            />
            <label
              htmlFor={input}
              className={clsx(buttonClass("primary"), "cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent")}
            >
              {text("admin.upload.choose")}
            </label>
          </div>
          {items.length > 0 && (
            <section aria-label={text("admin.upload.list")}>
              <div className="mb-2 flex items-center gap-3 text-sm">
                <p role="status" className="flex-1 text-quiet">
                  {text("admin.upload.count", { done, count: items.length })}
                </p>
                {finished > 0 && (
                  <Button size="small" kind="ghost" onClick={clearUploads}>
                    {text("admin.upload.clear")}
                  </Button>
                )}
              </div>
              <ul className="overflow-hidden rounded-xl border border-line bg-raised">
                {items.map((item) => (
                  <Item
                    key={item.id}
                    item={item}
                    onRetry={() => {
                      retryUpload(item.id);
                      start();
                    }}
                  />
                ))}
              </ul>
            </section>
          )}
        </div>
        <div className="flex flex-col gap-5">
          <Field label={text("admin.upload.album")} help={text("admin.upload.album.help")}>
            {(control) => (
              <Select {...control} value={mode} onChange={(e) => setMode(e.target.value as typeof mode)}>
                <option value="tags">{text("admin.upload.album.tags")}</option>
                <option value="album">{text("admin.upload.album.one")}</option>
                <option value="none">{text("admin.upload.album.none")}</option>
              </Select>
            )}
          </Field>
          {mode === "album" && <RelationPicker model="albums" label={text("admin.upload.album.one")} value={album} onChange={setAlbum} />}
          <Field label={text("admin.upload.duplicates")}>
            {(control) => (
              <Select {...control} value={duplicates} onChange={(e) => setDuplicates(e.target.value as typeof duplicates)}>
                <option value="skip">{text("admin.upload.duplicates.skip")}</option>
                <option value="keep">{text("admin.upload.duplicates.keep")}</option>
              </Select>
            )}
          </Field>
        </div>
      </div>
    </>
  );
}
