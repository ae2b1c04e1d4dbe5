import { Disc3, House, type LucideIcon, MessageCircle, MicVocal, Music, Search, Users } from "lucide-react";
import type { TextKey } from "@/i18n";

/** One place to go to. */
export interface Place {
  to: string;
  label: TextKey;
  icon: LucideIcon;
  /** Other paths at which one is within it. */
  within?: string[];
}

export const home: Place = { to: "/", label: "nav.home", icon: House };
export const search: Place = { to: "/search", label: "nav.search", icon: Search };

export const library: Place[] = [
  { to: "/songs", label: "nav.songs", icon: Music, within: ["/song"] },
  { to: "/albums", label: "nav.albums", icon: Disc3, within: ["/album"] },
  { to: "/artists", label: "nav.artists", icon: MicVocal, within: ["/artist"] },
];

export const friends: Place = { to: "/friends", label: "nav.people", icon: Users };
export const messages: Place = { to: "/chat", label: "nav.messages", icon: MessageCircle };

/** Whether a path is a place or lies within it. */
export function isWithin(path: string, { to, within = [] }: Pick<Place, "to" | "within">): boolean {
  return [to, ...within].some((base) => path === base || (base !== "/" && path.startsWith(`${base}/`)));
}
