import { useQuery } from "@tanstack/react-query";
import { Clock, Search as SearchIcon, X } from "lucide-react";
import { useRef } from "react";
import { Link, useSearchParams } from "react-router";
import { useText } from "@/i18n";
import { Page } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { TableSkeleton } from "@/features/songs/SongTable";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Empty, Failed } from "@/ui/State";
import { resultsId, useArrows } from "./arrows";
import { searchQuery } from "./queries";
import { forgetSearch, forgetSearches, rememberSearch, useRecentSearches } from "./recent";
import { countOf, Results } from "./Results";
import { SearchField } from "./SearchField";

/** What is found for the words in the address. */
export default function Search() {
  const text = useText();
  const [params] = useSearchParams();
  const q = (params.get("q") ?? "").trim();
  usePageTitle(q ? text("browse.searchFor", { q }) : text("nav.search"));
  const found = useQuery(searchQuery(q));
  const results = useRef<HTMLDivElement>(null);
  useArrows(results);
  const count = found.data ? countOf(found.data) : 0;
  return (
    <Page>
      <h1 className={q ? "sr-only" : "display pb-6 text-4xl md:text-5xl"}>{text("nav.search")}</h1>
      <SearchField className="pb-6 md:hidden" />
      <p role="status" className="sr-only">
        {q && found.data && !found.isPlaceholderData && text("browse.found", { count })}
      </p>
      {/* Whatever is opened from here makes the search worth keeping. */}
      <div ref={results} id={resultsId} onClickCapture={() => q && rememberSearch(q)} role="presentation">
        {q === "" ? (
          <Recent />
        ) : found.isError ? (
          <Failed error={found.error} onRetry={() => void found.refetch()} />
        ) : !found.data ? (
          <TableSkeleton rows={8} />
        ) : count === 0 ? (
          <Empty icon={SearchIcon} title={text("browse.noneFound", { q })} text={text("browse.noneFound.text")} />
        ) : (
          <Results found={found.data} q={q} />
        )}
      </div>
    </Page>
  );
}

function Recent() {
  const text = useText();
  const searches = useRecentSearches();
  if (searches.length === 0) {
    return <Empty icon={SearchIcon} title={text("browse.search.start")} text={text("browse.search.start.text")} />;
  }
  return (
    <section className="max-w-2xl">
      <div className="flex items-center justify-between gap-4 pb-2">
        <h2 className="text-lg font-semibold">{text("browse.recentSearches")}</h2>
        <Button kind="ghost" size="small" onClick={forgetSearches}>
          {text("action.clear")}
        </Button>
      </div>
      <ul className="-mx-2">
        {searches.map((search) => (
          <li key={search} className="group relative flex h-12 items-center gap-3 rounded-lg px-2 hover:bg-lifted/60">
            <Clock aria-hidden size={18} className="shrink-0 text-quiet" />
            <Link
              to={`/search?q=${encodeURIComponent(search)}`}
              data-arrow
              className="min-w-0 flex-1 truncate text-sm text-strong outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {search}
            </Link>
            <IconButton
              icon={X}
              size="small"
              label={text("browse.forgetSearch", { q: search })}
              onClick={() => forgetSearch(search)}
              className="relative"
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
