/** Widths in which the server makes images. */
const widths = [64, 160, 300, 640, 1200] as const;
export type ImageSize = (typeof widths)[number];

/** The address of an image in a size; images of other servers come as they are. */
export function sized(image: string, size: ImageSize): string {
  return image.startsWith("/media/") ? `${image}?size=${size}` : image;
}

/** A srcset for an image shown at most at a width in CSS pixels: that size, the one below, and the one above. */
export function sources(image: string, size: ImageSize): string | undefined {
  if (!image.startsWith("/media/")) return undefined;
  const at = widths.indexOf(size);
  return widths
    .slice(Math.max(0, at - 1), at + 2)
    .map((width) => `${sized(image, width)} ${width}w`)
    .join(", ");
}
