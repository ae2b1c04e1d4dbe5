import clsx from "clsx";
import { useState } from "react";
import { sized } from "@/api/media";

interface AvatarProps {
  name: string;
  image: string | null;
  /** In CSS pixels. */
  size?: number;
  /** Shows a dot: green for true, hollow for false. */
  online?: boolean;
  className?: string;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((w) => [...(w ?? "")][0] ?? "").join("").toUpperCase();
}

/** A person's picture, or his initials. The name stands beside it, so it is hidden from readers. */
export function Avatar({ name, image, size = 40, online, className }: AvatarProps) {
  const [broken, setBroken] = useState<string>();
  return (
    <span aria-hidden className={clsx("relative inline-block shrink-0", className)} style={{ width: size, height: size }}>
      {image && broken !== image ? (
        <img
          src={sized(image, size > 80 ? 300 : 160)}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          onError={() => setBroken(image)}
          className="size-full rounded-full object-cover"
        />
      ) : (
        <span
          className="grid size-full place-items-center rounded-full bg-lifted font-semibold text-sea"
          style={{ fontSize: size * 0.38 }}
        >
          {initials(name)}
        </span>
      )}
      {online !== undefined && (
        <span
          className={clsx(
            "absolute right-0 bottom-0 rounded-full border-2 border-ground",
            online ? "bg-good" : "bg-line-strong",
          )}
          style={{ width: size * 0.3, height: size * 0.3 }}
        />
      )}
    </span>
  );
}
