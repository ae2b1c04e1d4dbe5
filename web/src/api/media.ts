/** Widths in which the server makes images. */
const widths = [64, 160, 300, 640, 1200] as const;
export type ImageSize = (typeof widths)[number];

/** The CDN that has our files, as the page says; "" if they are at the server itself. */
const cdn = () => document.querySelector<HTMLLinkElement>("link[data-media]")?.dataset["media"] ?? "";

/** An address is given up so many milliseconds before it expires. */
const margin = 60_000;

function ours(address: string): boolean {
  return address.startsWith("/media/") || address.startsWith(`${cdn()}/media/`);
}

/**
 * An address at which a file can be had now. Those of a private instance expire
 * after some hours. The server itself then still knows whoever is signed in by his
 * cookie, so the file comes from there.
 */
export function fresh(address: string): string {
  const expires = /[?&]exp=(\d+)/.exec(address)?.[1];
  if (!expires || !ours(address) || Number(expires) * 1000 - margin > Date.now()) return address;
  return address.slice(address.startsWith("/") ? 0 : cdn().length).replace(/\?.*$/, "");
}

/** The address of an image in a size; images of other servers come as they are. */
export function sized(image: string, size: ImageSize): string {
  if (!ours(image)) return image;
  const address = fresh(image);
  return `${address}${address.includes("?") ? "&" : "?"}size=${size}`;
}

/** A srcset for an image shown at most at a width in CSS pixels: that size, the one below, and the one above. */
export function sources(image: string, size: ImageSize): string | undefined {
  if (!ours(image)) return undefined;
  const at = widths.indexOf(size);
  return widths
    .slice(Math.max(0, at - 1), at + 2)
    .map((width) => `${sized(image, width)} ${width}w`)
    .join(", ");
}
