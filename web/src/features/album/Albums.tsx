import { useInfiniteQuery } from "@tanstack/react-query";
import { Disc3 } from "lucide-react";
import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { AlbumCard, CardGrid, CardSkeletons } from "@/features/home/Cards";
import { useText } from "@/i18n";
import { FilterField } from "@/layout/FilterField";
import { LibraryTabs } from "@/layout/LibraryTabs";
import { Page, PageHeader } from "@/layout/Page";
import { useReached } from "@/layout/scroller";
import { usePageTitle } from "@/layout/title";
import { Empty, Failed, Loading } from "@/ui/State";
import { albumsQuery } from "./queries";

/** All albums, more of them as one scrolls. */
export default function Albums() {
  const text = useText();
  usePageTitle(text("nav.albums"));
  const [params] = useSearchParams();
  const q = (params.get("q") ?? "").trim();
  const albums = useInfiniteQuery(albumsQuery(q));
  const { fetchNextPage, hasNextPage, isFetching } = albums;
  const end = useReached(
    useCallback(() => void fetchNextPage(), [fetchNextPage]),
    hasNextPage && !isFetching,
  );
  const count = albums.data?.pages[0]?.total ?? 0;
  return (
    <Page>
      <LibraryTabs />
      <PageHeader title={text("nav.albums")} detail={albums.data && text("unit.albums", { count })}>
        <FilterField label={text("browse.filter.albums")} className="w-full sm:w-72" />
      </PageHeader>
      <p role="status" className="sr-only">
        {albums.data && q && text("unit.albums", { count })}
      </p>
      {albums.data && count === 0 && (
        <Empty
          icon={Disc3}
          title={text(q ? "browse.noMatch" : "browse.noAlbums")}
          text={text(q ? "browse.noMatch.text" : "browse.noAlbums.text")}
        />
      )}
      <CardGrid>
        {albums.data?.pages.flatMap((page) => page.items).map((album) => <AlbumCard key={album.id} album={album} />)}
      </CardGrid>
      {albums.isError && <Failed error={albums.error} onRetry={() => void (albums.data ? fetchNextPage() : albums.refetch())} />}
      {(albums.isPending || albums.isFetchingNextPage) && (
        <Loading className="mt-6">
          <CardSkeletons count={12} />
        </Loading>
      )}
      <div ref={end} />
    </Page>
  );
}
