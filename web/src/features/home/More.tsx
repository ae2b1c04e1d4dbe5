import { Link } from "react-router";
import type { Home } from "@/api/types";
import { SongTable } from "@/features/songs/SongTable";
import { useText } from "@/i18n";
import { Section } from "@/layout/Page";
import { AlbumCard, CardGrid } from "./Cards";

/** What is below the fold, and comes when all above it stands. */
export default function More({ trending, albums }: Pick<Home, "trending" | "albums">) {
  const text = useText();
  return (
    <>
      {trending.length > 0 && (
        <Section title={text("browse.trending")}>
          <SongTable songs={trending} label={text("browse.trending")} bare />
        </Section>
      )}
      {albums.length > 0 && (
        <Section
          title={text("browse.newAlbums")}
          action={
            <Link to="/albums" className="rounded py-1 text-sm text-quiet hover:text-strong hover:underline">
              {text("browse.allAlbums")}
            </Link>
          }
        >
          <CardGrid shelf>
            {albums.map((album) => (
              <AlbumCard key={album.id} album={album} />
            ))}
          </CardGrid>
        </Section>
      )}
    </>
  );
}
