import { useQuery } from "@tanstack/react-query";
import { Music } from "lucide-react";
import { lazy } from "react";
import { Link } from "react-router";
import { useMe } from "@/api/session";
import type { Home as HomeData } from "@/api/types";
import { useText } from "@/i18n";
import { Page, Section } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { buttonClass } from "@/ui/Button";
import { Empty, Failed, Loading, Skeleton } from "@/ui/State";
import { WhenCalm } from "@/ui/WhenCalm";
import { CardGrid, CardSkeletons, CompactCard, SongCard } from "./Cards";
import { firstName, timeOfDay } from "./greeting";
import { homeQuery } from "./queries";

const More = lazy(() => import("./More"));

/** Where most visits begin. */
export function Home() {
  const text = useText();
  const me = useMe();
  usePageTitle(undefined);
  const home = useQuery(homeQuery);
  const time = timeOfDay(new Date().getHours());
  return (
    <Page>
      <h1 className="display pb-6 text-4xl md:text-5xl">
        {me ? text(`browse.hello.${time}`, { name: firstName(me.name) }) : text(`browse.greeting.${time}`)}
      </h1>
      {me === null && <Invitation />}
      {home.isError && !home.data ? (
        <Failed error={home.error} onRetry={() => void home.refetch()} />
      ) : home.data ? (
        <Sections home={home.data} />
      ) : (
        <HomeSkeleton />
      )}
    </Page>
  );
}

function Sections({ home: { featured, madeForYou, trending, recent, albums } }: { home: HomeData }) {
  const text = useText();
  if (featured.length + trending.length + albums.length === 0) {
    return <Empty icon={Music} title={text("browse.noSongs")} text={text("browse.noSongs.text")} />;
  }
  return (
    <>
      {featured.length > 0 && (
        <section aria-label={text("browse.featured")}>
          <ul className="grid grid-cols-2 gap-2 sm:gap-3 lg:grid-cols-3">
            {featured.map((song, i) => (
              <CompactCard key={song.id} songs={featured} index={i} />
            ))}
          </ul>
        </section>
      )}
      <div className="pt-10">
        {recent.length > 0 && <Songs title={text("browse.recent")} songs={recent} first />}
        {madeForYou.length > 0 && <Songs title={text("browse.madeForYou")} songs={madeForYou} first={recent.length === 0} />}
        <WhenCalm>
          <More trending={trending} albums={albums} />
        </WhenCalm>
      </div>
    </>
  );
}

interface SongsProps {
  title: string;
  songs: HomeData["recent"];
  /** The first shelf: its first covers are above the fold. */
  first?: boolean;
}

function Songs({ title, songs, first }: SongsProps) {
  return (
    <Section title={title}>
      <CardGrid shelf>
        {songs.map((song, i) => (
          <SongCard key={song.id} songs={songs} index={i} above={first && i < 3} />
        ))}
      </CardGrid>
    </Section>
  );
}

/** What visitors are told: they may listen, and what an account adds. */
function Invitation() {
  const text = useText();
  return (
    <aside
      aria-label={text("browse.invite.title")}
      className="mb-8 flex flex-wrap items-center justify-between gap-x-8 gap-y-4 rounded-2xl border border-line bg-raised px-6 py-5"
    >
      <div className="max-w-xl">
        <p className="font-semibold text-strong">{text("browse.invite.title")}</p>
        <p className="mt-1 text-sm text-quiet">{text("browse.invite.text")}</p>
      </div>
      <Link to="/register" className={buttonClass("primary")}>
        {text("nav.register")}
      </Link>
    </aside>
  );
}

function HomeSkeleton() {
  return (
    <Loading>
      <div className="grid grid-cols-2 gap-2 sm:gap-3 lg:grid-cols-3">
        {Array.from({ length: 6 }, (_, i) => (
          <Skeleton key={i} className="h-14 rounded-lg! sm:h-18" />
        ))}
      </div>
      <Skeleton className="mt-10 mb-4 h-6 w-48" />
      <CardSkeletons count={4} />
    </Loading>
  );
}
