import clsx from "clsx";
import type { ReactNode } from "react";
import { Cover } from "@/ui/Cover";
import { Glow } from "@/ui/Glow";

interface HeroProps {
  image: string | null;
  eyebrow: string;
  title: string;
  /** One line of facts. */
  facts: ReactNode;
  actions?: ReactNode;
  round?: boolean;
}

/** The head of an album's, an artist's or a song's page, in the light of its cover. */
export function Hero({ image, eyebrow, title, facts, actions, round }: HeroProps) {
  return (
    <header className="relative isolate">
      <div aria-hidden className="absolute inset-0 -z-10 overflow-hidden">
        {image && <Glow image={image} className="opacity-25" />}
        <div className="absolute inset-0 bg-linear-to-b from-transparent to-ground" />
      </div>
      <div className="mx-auto flex w-full max-w-7xl flex-col items-center gap-6 px-4 pt-8 pb-8 text-center md:flex-row md:items-end md:gap-8 md:px-8 md:pt-12 md:text-left">
        <Cover
          image={image}
          size={300}
          eager="(min-width: 80rem) 240px, (min-width: 40rem) 224px, 192px"
          className={clsx("w-48 shrink-0 shadow-float sm:w-56 xl:w-60", round ? "!rounded-full" : "!rounded-xl")}
        />
        <div className="flex min-w-0 max-w-full flex-col items-center gap-3 md:items-start">
          <p className="text-sm font-medium text-text">{eyebrow}</p>
          <h1 className={clsx("display max-w-full break-words", title.length > 40 ? "text-3xl md:text-4xl" : "text-4xl md:text-6xl")}>
            {title}
          </h1>
          <div className="text-sm text-text">{facts}</div>
          {actions && <div className="mt-3 flex flex-wrap items-center justify-center gap-3 md:justify-start">{actions}</div>}
        </div>
      </div>
    </header>
  );
}

/** Grey stand-in for a Hero. */
export function HeroSkeleton({ round }: { round?: boolean }) {
  return (
    <div className="mx-auto flex w-full max-w-7xl animate-[pulse-soft_1.6s_ease-in-out_infinite] flex-col items-center gap-6 px-4 py-8 md:flex-row md:items-end md:gap-8 md:px-8 md:pt-12">
      <span className={clsx("block aspect-square w-48 shrink-0 bg-lifted sm:w-56 xl:w-60", round ? "rounded-full" : "rounded-xl")} />
      <div className="flex w-full max-w-md flex-col items-center gap-4 md:items-start">
        <span className="block h-4 w-20 rounded-md bg-lifted" />
        <span className="block h-12 w-full rounded-md bg-lifted" />
        <span className="block h-4 w-48 rounded-md bg-lifted" />
        <span className="block h-10 w-40 rounded-full bg-lifted" />
      </div>
    </div>
  );
}
