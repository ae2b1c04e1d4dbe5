import { Link } from "react-router";
import type { Person, SearchResult } from "@/api/types";
import { ArtistCard } from "@/features/artist/ArtistCard";
import { AlbumCard, CardGrid } from "@/features/home/Cards";
import { SongTable } from "@/features/songs/SongTable";
import { useText } from "@/i18n";
import { Section } from "@/layout/Page";
import { Avatar } from "@/ui/Avatar";

/** How many things were found. */
export function countOf({ songs, albums, artists, people }: SearchResult): number {
  return songs.length + albums.length + artists.length + people.length;
}

/** What was found, by kind. */
export function Results({ found: { songs, albums, artists, people }, q }: { found: SearchResult; q: string }) {
  const text = useText();
  const all = (path: string) => (
    <Link to={`${path}?q=${encodeURIComponent(q)}`} className="rounded py-1 text-sm text-quiet hover:text-strong hover:underline">
      {text("browse.all")}
    </Link>
  );
  return (
    <>
      {songs.length > 0 && (
        <Section title={text("nav.songs")} action={all("/songs")}>
          <SongTable songs={songs} label={text("nav.songs")} bare />
        </Section>
      )}
      {albums.length > 0 && (
        <Section title={text("nav.albums")} action={all("/albums")}>
          <CardGrid>
            {albums.map((album) => (
              <AlbumCard key={album.id} album={album} />
            ))}
          </CardGrid>
        </Section>
      )}
      {artists.length > 0 && (
        <Section title={text("nav.artists")} action={all("/artists")}>
          <CardGrid>
            {artists.map((artist) => (
              <ArtistCard key={artist.name} artist={artist} />
            ))}
          </CardGrid>
        </Section>
      )}
      {people.length > 0 && (
        <Section title={text("browse.people")}>
          <ul className="-mx-2 grid gap-x-4 sm:grid-cols-2 lg:grid-cols-3">
            {people.map((person) => (
              <PersonRow key={person.id} person={person} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function PersonRow({ person }: { person: Person }) {
  const text = useText();
  return (
    <li>
      <Link
        to={`/chat/${person.id}`}
        data-arrow
        className="flex h-14 items-center gap-3 rounded-lg px-2 transition-colors hover:bg-lifted/60"
      >
        <Avatar name={person.name} image={person.image} size={40} />
        <span className="min-w-0">
          <span className="block truncate text-sm font-medium text-strong">{person.name}</span>
          <span className="block truncate text-sm text-sea">{text("browse.message")}</span>
        </span>
      </Link>
    </li>
  );
}
