import { useQuery } from "@tanstack/react-query";
import { Disc3 } from "lucide-react";
import { Link, useParams } from "react-router";
import { ApiError } from "@/api/client";
import type { AlbumSongs } from "@/api/types";
import { artistPath } from "@/features/songs/paths";
import { PlayActions } from "@/features/songs/PlayActions";
import { SongTable, TableSkeleton } from "@/features/songs/SongTable";
import { useText } from "@/i18n";
import { Hero, HeroSkeleton } from "@/layout/Hero";
import { Page } from "@/layout/Page";
import { usePageTitle } from "@/layout/title";
import { Empty, Failed, Loading } from "@/ui/State";
import { lengthText } from "./length";
import { albumQuery } from "./queries";

/** An album and its songs. */
export default function Album() {
  const text = useText();
  const id = Number(useParams()["id"]);
  const known = Number.isSafeInteger(id) && id > 0;
  const album = useQuery({ ...albumQuery(id), enabled: known });
  usePageTitle(album.data?.title);
  const error = known ? album.error : new ApiError(404, "not_found", "");
  if (error) {
    return (
      <>
        <h1 className="sr-only">{text("browse.album")}</h1>
        <Failed error={error} onRetry={() => void album.refetch()} />
      </>
    );
  }
  if (!album.data) {
    return (
      <>
        <h1 className="sr-only">{text("browse.album")}</h1>
        <Loading>
          <HeroSkeleton />
        </Loading>
        <Page className="pt-0! md:pt-0!">
          <TableSkeleton rows={8} album />
        </Page>
      </>
    );
  }
  return <Shown album={album.data} />;
}

function Shown({ album }: { album: AlbumSongs }) {
  const text = useText();
  const { songs } = album;
  return (
    <>
      <Hero
        image={album.image}
        eyebrow={text("browse.album")}
        title={album.title}
        facts={
          <>
            <Link to={artistPath(album.artist)} className="font-medium text-strong hover:underline">
              {album.artist}
            </Link>
            <span> · {[album.year || "", text("unit.songs", { count: songs.length }), songs.length > 0 ? lengthText(songs) : ""].filter(Boolean).join(" · ")}</span>
          </>
        }
        actions={<PlayActions songs={songs} />}
      />
      <Page className="pt-0! md:pt-0!">
        {songs.length > 0 ? (
          <SongTable songs={songs} label={album.title} album artist={songs.every((song) => song.artist === album.artist)} />
        ) : (
          <Empty icon={Disc3} title={text("browse.emptyAlbum")} />
        )}
      </Page>
    </>
  );
}
