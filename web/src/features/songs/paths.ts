/** Where songs, albums and artists have their pages. */
export const songPath = (id: number): string => `/song/${id}`;
export const albumPath = (id: number): string => `/album/${id}`;
export const artistPath = (name: string): string => `/artist/${encodeURIComponent(name)}`;
