// The shapes of /web/api, by the names that the features use. They are
// generated from the server's OpenAPI document: see schema.d.ts.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Song = Schemas["WebSong"];
export type Album = Schemas["WebAlbum"];
export type AlbumSongs = Schemas["WebAlbumSongs"];
export type Artist = Schemas["WebArtist"];
export type ArtistPage = Schemas["WebArtistWorks"];
export type Person = Schemas["WebPerson"];
export type Me = Schemas["WebMe"];
export type Role = Me["role"];
export type Audience = Me["activityVisibleTo"];
export type Session = Schemas["WebSession"];
export type SignIn = Schemas["WebSignIn"];
export type Factors = Schemas["WebFactors"];
export type Passkey = Schemas["WebPasskey"];
export type SignInOptions = Schemas["WebSignInOptions"];
export type Invitation = Schemas["WebInvitation"];
export type Identity = Schemas["WebIdentity"];
export type Home = Schemas["WebHome"];
export type SearchResult = Schemas["WebSearchResult"];
export type Message = Schemas["WebMessage"];
export type Conversation = Schemas["WebConversation"];
export type Presence = Schemas["WebPresent"];

/** A part of a list, and how long all of it is. */
export interface Page<T> {
  items: T[];
  total: number;
}
