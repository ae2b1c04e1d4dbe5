/** Widths in which the server makes images. */
export type ImageSize = 64 | 160 | 300 | 640 | 1200;

/** The address of an image in a size; images of other servers come as they are. */
export function sized(image: string, size: ImageSize): string {
  return image.startsWith("/media/") ? `${image}?size=${size}` : image;
}

/** A srcset for an image shown at a width in CSS pixels, for screens of one and two pixels each. */
export function sources(image: string, size: ImageSize): string | undefined {
  if (!image.startsWith("/media/")) return undefined;
  const twice: Record<ImageSize, ImageSize> = { 64: 160, 160: 300, 300: 640, 640: 1200, 1200: 1200 };
  return `${sized(image, size)} 1x, ${sized(image, twice[size])} 2x`;
}
