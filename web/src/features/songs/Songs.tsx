import { Music, Play, Shuffle } from "lucide-react";
import { useText } from "@/i18n";
import { FilterField } from "@/layout/FilterField";
import { LibraryTabs } from "@/layout/LibraryTabs";
import { Page, PageHeader } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { IconButton } from "@/ui/IconButton";
import { Empty, Failed } from "@/ui/State";
import { type Sort, sorts } from "./queries";
import { LongSongTable, TableSkeleton } from "./SongTable";
import { useListing, usePlayListing, useSongPages } from "./useListing";

/** All songs of the library, however many. */
export default function Songs() {
  const text = useText();
  usePageTitle(text("nav.songs"));
  const { q, sort, setSort } = useListing();
  const { total, count, songAt, onVisible, failed } = useSongPages({ q, sort });
  const play = usePlayListing({ q, sort }, count);
  return (
    <Page>
      <LibraryTabs />
      <PageHeader title={text("nav.songs")} detail={total.data && text("unit.songs", { count })}>
        <IconButton icon={Shuffle} label={text("browse.shuffle")} disabled={count === 0} onClick={play.shuffled} />
        <Button kind="primary" disabled={count === 0} onClick={play.all}>
          <Play aria-hidden size={18} fill="currentColor" />
          {text("player.play")}
        </Button>
      </PageHeader>
      <div className="flex flex-wrap gap-3 pb-6">
        <FilterField label={text("browse.filter.songs")} className="min-w-0 flex-[1_1_9rem] sm:max-w-sm" />
        <Select
          aria-label={text("browse.sort")}
          value={sort}
          onChange={(event) => setSort(event.target.value as Sort)}
          className="w-auto! rounded-full! pl-4"
        >
          {sorts.map((key) => (
            <option key={key} value={key}>
              {text(`browse.sort.${key}`)}
            </option>
          ))}
        </Select>
      </div>
      <p role="status" className="sr-only">
        {total.data && q && text("unit.songs", { count })}
      </p>
      {total.isError ? (
        <Failed error={total.error} onRetry={() => void total.refetch()} />
      ) : total.isPending ? (
        <TableSkeleton rows={12} />
      ) : count === 0 ? (
        <Empty
          icon={Music}
          title={text(q ? "browse.noMatch" : "browse.noSongs")}
          text={text(q ? "browse.noMatch.text" : "browse.noSongs.text")}
        />
      ) : (
        <>
          {failed && <Failed error={failed.error} onRetry={() => void failed.refetch()} />}
          <LongSongTable count={count} songAt={songAt} label={text("nav.songs")} onPlay={play.from} onVisible={onVisible} />
        </>
      )}
    </Page>
  );
}
