import { useQuery } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { sessionQuery } from "@/api/session";
import { useText } from "@/i18n";
import { buttonClass } from "@/ui/Button";
import { Failed, Loading, Skeleton } from "@/ui/State";
import { comingBack } from "./next";

interface RequireSignInProps {
  /** The view's name, and what signing in would give. */
  title: string;
  invitation: string;
  children: ReactNode;
}

/** Shows a view to those who are signed in, and invites the others to do so. */
export function RequireSignIn({ title, invitation, children }: RequireSignInProps) {
  const text = useText();
  const { pathname, search } = useLocation();
  const session = useQuery(sessionQuery);
  if (session.isPending) {
    return (
      <Loading className="flex flex-col gap-4 p-6 md:p-8">
        <Skeleton className="h-10 w-56" />
        <Skeleton className="h-64 w-full max-w-3xl" />
      </Loading>
    );
  }
  if (session.isError) {
    return (
      <>
        <h1 className="sr-only">{title}</h1>
        <Failed error={session.error} onRetry={() => void session.refetch()} />
      </>
    );
  }
  if (session.data.me) return children;
  return (
    <div className="flex flex-col items-center gap-4 px-6 py-24 text-center">
      <LogIn aria-hidden size={36} strokeWidth={1.5} className="text-quiet" />
      <h1 className="display text-4xl">{title}</h1>
      <p className="max-w-md text-sm text-quiet">{invitation}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-3">
        <Link to={comingBack("/sign-in", pathname + search)} className={buttonClass("primary")}>
          {text("nav.signIn")}
        </Link>
        <Link to={comingBack("/register", pathname + search)} className={buttonClass("secondary")}>
          {text("nav.register")}
        </Link>
      </div>
    </div>
  );
}
