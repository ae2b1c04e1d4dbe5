import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { ArtistPage } from "@/api/types";
import { AlbumCard, CardGrid } from "@/features/home/Cards";
import { PlayActions } from "@/features/songs/PlayActions";
import { playOrToggle } from "@/features/songs/play";
import { SongTable, TableSkeleton } from "@/features/songs/SongTable";
import { useText } from "@/i18n";
import { Hero, HeroSkeleton } from "@/layout/Hero";
import { Page, Section } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { Button, buttonClass } from "@/ui/Button";
import { Failed, Loading } from "@/ui/State";
import { artistQuery } from "./queries";

/** Songs shown before one asks for all. */
const few = 8;

/** An artist's albums and songs. */
export default function Artist() {
  const name = useParams()["name"] ?? "";
  const artist = useQuery(artistQuery(name));
  usePageTitle(name);
  if (artist.isError) {
    return (
      <>
        <h1 className="sr-only">{name}</h1>
        <Failed error={artist.error} onRetry={() => void artist.refetch()} />
      </>
    );
  }
  if (!artist.data) {
    return (
      <>
        <h1 className="sr-only">{name}</h1>
        <Loading>
          <HeroSkeleton round />
        </Loading>
        <Page className="pt-0! md:pt-0!">
          <TableSkeleton rows={few} />
        </Page>
      </>
    );
  }
  return <Shown artist={artist.data} key={name} />;
}

function Shown({ artist: { name, albums, songs, songTotal } }: { artist: ArtistPage }) {
  const text = useText();
  const [all, setAll] = useState(false);
  const facts = [text("unit.songs", { count: songTotal }), albums.length > 0 && text("unit.albums", { count: albums.length })];
  return (
    <>
      <Hero
        round
        image={albums[0]?.image ?? songs[0]?.image ?? null}
        eyebrow={text("browse.artist")}
        title={name}
        facts={facts.filter(Boolean).join(" · ")}
        actions={<PlayActions songs={songs} />}
      />
      <Page className="pt-0! md:pt-0!">
        {songs.length > 0 && (
          <Section title={text("nav.songs")}>
            <SongTable
              songs={all ? songs : songs.slice(0, few)}
              onPlay={(index) => playOrToggle(songs, index)}
              label={text("browse.songsBy", { artist: name })}
              artist
              bare
            />
            <div className="flex flex-wrap gap-3 pt-3">
              {songs.length > few && (
                <Button size="small" aria-expanded={all} onClick={() => setAll(!all)}>
                  {text(all ? "browse.showFewer" : "browse.showAll", { count: songs.length })}
                </Button>
              )}
              {all && songTotal > songs.length && (
                <Link to={`/songs?q=${encodeURIComponent(name)}`} className={buttonClass("ghost", "small")}>
                  {text("browse.showAll", { count: songTotal })}
                </Link>
              )}
            </div>
          </Section>
        )}
        {albums.length > 0 && (
          <Section title={text("nav.albums")}>
            <CardGrid>
              {albums.map((album) => (
                <AlbumCard key={album.id} album={album} year />
              ))}
            </CardGrid>
          </Section>
        )}
      </Page>
    </>
  );
}
