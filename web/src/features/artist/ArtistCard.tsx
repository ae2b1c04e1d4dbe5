import { Link } from "react-router";
import type { Artist } from "@/api/types";
import { artistPath } from "@/features/songs/paths";
import { useText } from "@/i18n";
import { Cover } from "@/ui/Cover";

/** An artist among others. */
export function ArtistCard({ artist }: { artist: Artist }) {
  const text = useText();
  return (
    <li>
      <Link
        to={artistPath(artist.name)}
        data-arrow
        className="group flex flex-col items-center gap-3 rounded-xl p-3 text-center transition-colors hover:bg-lifted/60 focus-visible:-outline-offset-2"
      >
        <Cover image={artist.image} size={300} className="w-full rounded-full! transition group-hover:brightness-110" />
        <span className="w-full min-w-0">
          <span className="block truncate text-sm font-medium text-strong">{artist.name}</span>
          <span className="block truncate text-sm text-quiet">{text("browse.works", { count: artist.works })}</span>
        </span>
      </Link>
    </li>
  );
}
