import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { sessionQuery, useMe } from "@/api/session";
import { comingBack } from "@/features/account/next";
import { PlayerBar } from "@/features/player/PlayerBar";
import { useText } from "@/i18n";
import { Loading, Skeleton } from "@/ui/State";
import { Toaster } from "@/ui/Toaster";
import { WhenCalm } from "@/ui/WhenCalm";
import { BottomNav } from "./BottomNav";
import { RouteBoundary } from "./RouteBoundary";
import { useRouteChange } from "./routeChange";
import { ScrollerContext } from "./scroller";
import { Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";

// What only those who are signed in need, and nobody for the first picture.
const FriendsPanel = lazy(() => import("@/features/together/together").then((m) => ({ default: m.FriendsPanel })));
const Realtime = lazy(() => import("@/features/together/together").then((m) => ({ default: m.Realtime })));

// The friends have room beside the view from here on (Tailwind's xl).
const isWide = matchMedia("(min-width: 80rem)");
function onWide(notify: () => void): () => void {
  isWide.addEventListener("change", notify);
  return () => isWide.removeEventListener("change", notify);
}

/** Every view but those to sign in by; on a private instance they are for those who have done so. */
export function Shell() {
  const session = useQuery(sessionQuery).data;
  const { pathname, search } = useLocation();
  if (session?.private && !session.me) return <Navigate to={comingBack("/sign-in", pathname + search)} replace />;
  return <Frame />;
}

/** What stays around every view: navigation, friends, and the player, which nothing interrupts. */
function Frame() {
  const text = useText();
  const me = useMe();
  const wide = useSyncExternalStore(onWide, () => isWide.matches);
  return (
    <div className="flex h-full flex-col bg-ground">
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-20 rounded-full bg-accent px-4 py-2 text-sm font-semibold text-on-accent focus:translate-y-0"
      >
        {text("app.skip")}
      </a>
      <div className="flex min-h-0 flex-1">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar />
          <Main />
        </div>
        {me && wide && (
          <WhenCalm before={<Beside />}>
            <FriendsPanel />
          </WhenCalm>
        )}
      </div>
      <PlayerBar />
      <BottomNav />
      <Toaster />
      {me && (
        <WhenCalm>
          <Realtime />
        </WhenCalm>
      )}
    </div>
  );
}

/** The view, which scrolls by itself. */
function Main() {
  const { pathname } = useLocation();
  const [main, setMain] = useState<HTMLElement | null>(null);
  useRouteChange(main);
  return (
    <main id="main" ref={setMain} tabIndex={-1} className="relative min-h-0 flex-1 overflow-x-clip overflow-y-auto outline-none">
      <div className="min-h-full">
        <ScrollerContext value={main}>
          <Suspense fallback={<Opening />}>
            <RouteBoundary path={pathname}>
              <Outlet />
            </RouteBoundary>
          </Suspense>
        </ScrollerContext>
      </div>
    </main>
  );
}

/** The friends' place until they are there. */
function Beside() {
  return <div className="w-72 shrink-0 border-l border-line bg-sunk" />;
}

/** What is seen until the first view's code has come. */
function Opening() {
  return (
    <Loading className="flex flex-col gap-6 px-4 py-8 md:px-8">
      <Skeleton className="h-10 w-64" />
      <Skeleton className="h-4 w-96 max-w-full" />
      <Skeleton className="h-64 w-full" />
    </Loading>
  );
}
