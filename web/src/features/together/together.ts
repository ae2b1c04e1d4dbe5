/**
 * What is done together, as one chunk: whoever is signed in needs most of it at
 * once, and the rest is small.
 */
export { Chat } from "@/features/chat/Chat";
export { FriendsPanel } from "@/features/people/FriendsPanel";
export { People } from "@/features/people/People";
export { Realtime } from "@/realtime/Realtime";
