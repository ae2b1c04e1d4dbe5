import clsx from "clsx";
import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "@/api/client";
import { t, useText } from "@/i18n";
import { Button } from "./Button";

/** Grey stand-in for what is being loaded. Give it its size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("block animate-[pulse-soft_1.6s_ease-in-out_infinite] rounded-md bg-lifted", className)} />;
}

/** Says to screen readers that something loads; put the skeletons in it. */
export function Loading({ children, className }: { children?: ReactNode; className?: string }) {
  const text = useText();
  return (
    <div role="status" className={className}>
      <span className="sr-only">{text("state.loading")}</span>
      {children}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  text?: string;
  action?: ReactNode;
}

/** A view that holds nothing yet, and what to do about it. */
export function Empty({ icon: Icon, title, text, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center">
      <Icon aria-hidden size={36} strokeWidth={1.5} className="text-quiet" />
      <h2 className="text-lg font-semibold">{title}</h2>
      {text && <p className="max-w-md text-sm text-quiet">{text}</p>}
      {action}
    </div>
  );
}

/** An error in the reader's words. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.internal");
  switch (error.kind) {
    case "offline":
    case "unavailable":
      return t("error.offline");
    case "not_found":
      return t("error.notFound.text");
    case "forbidden":
      return t("error.forbidden");
    case "rate_limited":
      return t("error.rateLimited");
    case "internal":
      return t("error.internal");
    default:
      return error.message;
  }
}

/** A view that could not be loaded. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = useText();
  const missing = error instanceof ApiError && error.kind === "not_found";
  return (
    <div role="alert">
      <Empty
        icon={CircleAlert}
        title={text(missing ? "error.notFound" : "error.title")}
        text={errorText(error)}
        action={!missing && onRetry && <Button onClick={onRetry}>{text("action.retry")}</Button>}
      />
    </div>
  );
}
