import clsx from "clsx";
import { useEffect, useRef } from "react";
import { sized } from "@/api/media";

/** So many dots a side are left of the picture; the browser makes them run into each other. */
const dots = 12;

/**
 * The colours of a picture and nothing of its shapes, as wide as its place. It is
 * the picture made very small: to blur it as it is takes long enough to be felt.
 */
export function Glow({ image, className }: { image: string; className?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = new Image();
    picture.onload = () => {
      const drawing = canvas.current?.getContext("2d");
      if (!drawing) return;
      drawing.imageSmoothingQuality = "high";
      drawing.drawImage(picture, 0, 0, dots, dots);
    };
    picture.src = sized(image, 64);
    return () => {
      picture.onload = null;
    };
  }, [image]);
  return <canvas ref={canvas} width={dots} height={dots} aria-hidden className={clsx("size-full scale-125 object-cover", className)} />;
}
