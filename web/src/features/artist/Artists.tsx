import { useInfiniteQuery } from "@tanstack/react-query";
import { MicVocal } from "lucide-react";
import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { CardGrid, CardSkeletons } from "@/features/home/Cards";
import { useText } from "@/i18n";
import { FilterField } from "@/layout/FilterField";
import { LibraryTabs } from "@/layout/LibraryTabs";
import { Page, PageHeader } from "@/layout/Page";
import { useReached } from "@/layout/scroller";
import { usePageTitle } from "@/layout/title";
import { Empty, Failed, Loading } from "@/ui/State";
import { ArtistCard } from "./ArtistCard";
import { artistsQuery } from "./queries";

/** All artists by name, more of them as one scrolls. */
export default function Artists() {
  const text = useText();
  usePageTitle(text("nav.artists"));
  const [params] = useSearchParams();
  const q = (params.get("q") ?? "").trim();
  const artists = useInfiniteQuery(artistsQuery(q));
  const { fetchNextPage, hasNextPage, isFetching } = artists;
  const end = useReached(
    useCallback(() => void fetchNextPage(), [fetchNextPage]),
    hasNextPage && !isFetching,
  );
  const count = artists.data?.pages[0]?.total ?? 0;
  return (
    <Page>
      <LibraryTabs />
      <PageHeader title={text("nav.artists")} detail={artists.data && text("browse.artists", { count })}>
        <FilterField label={text("browse.filter.artists")} className="w-full sm:w-72" />
      </PageHeader>
      <p role="status" className="sr-only">
        {artists.data && q && text("browse.artists", { count })}
      </p>
      {artists.data && count === 0 && (
        <Empty
          icon={MicVocal}
          title={text(q ? "browse.noMatch" : "browse.noArtists")}
          text={text(q ? "browse.noMatch.text" : "browse.noSongs.text")}
        />
      )}
      <CardGrid>
        {artists.data?.pages.flatMap((page) => page.items).map((artist) => <ArtistCard key={artist.name} artist={artist} />)}
      </CardGrid>
      {artists.isError && (
        <Failed error={artists.error} onRetry={() => void (artists.data ? fetchNextPage() : artists.refetch())} />
      )}
      {(artists.isPending || artists.isFetchingNextPage) && (
        <Loading className="mt-6">
          <CardSkeletons count={12} round />
        </Loading>
      )}
      <div ref={end} />
    </Page>
  );
}
