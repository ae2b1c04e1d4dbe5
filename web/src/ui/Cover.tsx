import clsx from "clsx";
import { Music2 } from "lucide-react";
import { useState } from "react";
import { type ImageSize, sized, sources } from "@/api/media";

interface CoverProps {
  image: string | null | undefined;
  /** The width at which it is shown at most, in CSS pixels. */
  size: ImageSize;
  /** "" where the text beside it says what it is. */
  alt?: string;
  className?: string;
  /**
   * Above the fold: fetched at once. It is how wide the picture will be, as in
   * the attribute `sizes`, for the browser chooses the file before it knows.
   */
  eager?: string;
}

/** A square picture of a song or an album, with a quiet stand-in. */
export function Cover({ image, size, alt = "", className, eager }: CoverProps) {
  const [broken, setBroken] = useState<string>();
  return (
    <span className={clsx("relative block aspect-square overflow-hidden rounded-md bg-lifted", className)}>
      {image && broken !== image ? (
        <img
          src={sized(image, size)}
          srcSet={sources(image, size)}
          sizes={eager ?? `auto, ${size}px`}
          alt={alt}
          width={size}
          height={size}
          loading={eager ? "eager" : "lazy"}
          fetchPriority={eager ? "high" : undefined}
          decoding={eager ? "sync" : "async"}
          draggable={false}
          onError={() => setBroken(image)}
          className="size-full object-cover"
        />
      ) : (
        <span className="grid size-full place-items-center text-quiet" role={alt ? "img" : undefined} aria-label={alt || undefined}>
          <Music2 aria-hidden className="size-2/5" />
        </span>
      )}
    </span>
  );
}
