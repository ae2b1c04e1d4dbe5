import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link, useParams } from "react-router";
import { ApiError } from "@/api/client";
import type { Song } from "@/api/types";
import { albumQuery } from "@/features/album/queries";
import { formatDuration, useText } from "@/i18n";
import { Hero, HeroSkeleton } from "@/layout/Hero";
import { Page, Section } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { Failed, Loading } from "@/ui/State";
import { albumPath, artistPath } from "./paths";
import { PlayActions } from "./PlayActions";
import { songQuery } from "./queries";
import { SongMenu } from "./SongMenu";
import { SongTable } from "./SongTable";

const link = "font-medium text-strong hover:underline";

/** One song: what a shared link opens. */
export default function SongPage() {
  const text = useText();
  const id = Number(useParams()["id"]);
  const known = Number.isSafeInteger(id) && id > 0;
  const song = useQuery({ ...songQuery(id), enabled: known });
  usePageTitle(song.data?.title);
  const error = known ? song.error : new ApiError(404, "not_found", "");
  if (error) {
    return (
      <>
        <h1 className="sr-only">{text("browse.song")}</h1>
        <Failed error={error} onRetry={() => void song.refetch()} />
      </>
    );
  }
  if (!song.data) {
    return (
      <Loading>
        <h1 className="sr-only">{text("browse.song")}</h1>
        <HeroSkeleton />
      </Loading>
    );
  }
  return <Shown song={song.data} />;
}

function Shown({ song }: { song: Song }) {
  const text = useText();
  const facts = [
    <Link key="artist" to={artistPath(song.artist)} className={link}>
      {song.artist}
    </Link>,
    song.albumId !== null && (
      <Link key="album" to={albumPath(song.albumId)} className={link}>
        {song.albumTitle}
      </Link>
    ),
    formatDuration(song.duration),
  ].filter(Boolean);
  return (
    <>
      <Hero
        image={song.image}
        eyebrow={text("browse.song")}
        title={song.title}
        facts={facts.map((fact, i) => (
          <Fragment key={i}>
            {i > 0 && <span aria-hidden> · </span>}
            {fact}
          </Fragment>
        ))}
        actions={
          <>
            <PlayActions songs={[song]} />
            <SongMenu song={song} size="normal" />
          </>
        }
      />
      {song.albumId !== null && <Rest albumId={song.albumId} />}
    </>
  );
}

/** The album that the song is from. */
function Rest({ albumId }: { albumId: number }) {
  const text = useText();
  const { data } = useQuery(albumQuery(albumId));
  if (!data || data.songs.length < 2) return null;
  return (
    <Page className="pt-0! md:pt-0!">
      <Section title={text("browse.fromAlbum", { title: data.title })}>
        <SongTable songs={data.songs} label={data.title} album bare />
      </Section>
    </Page>
  );
}
