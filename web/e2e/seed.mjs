import { wav } from "./music.mjs";

/** A client of the web app's API with a cookie of its own. */
export class Client {
  constructor(base) {
    this.base = base;
    this.cookie = "";
  }

  async request(method, path, body) {
    const form = body instanceof FormData;
    const response = await fetch(this.base + path, {
      method,
      headers: { cookie: this.cookie, ...(body && !form ? { "Content-Type": "application/json" } : {}) },
      body: form ? body : body && JSON.stringify(body),
    });
    const set = response.headers.get("set-cookie");
    if (set) this.cookie = set.split(";")[0];
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  signIn(email, password) {
    return this.request("POST", "/web/api/session", { email, password });
  }

  /** Adds a song of a tone and returns its row. */
  async addSong(title, seconds, hertz) {
    const form = new FormData();
    form.set("album", "none");
    form.set("duplicates", "keep");
    form.set("audio", new Blob([wav(seconds, hertz)], { type: "audio/wav" }), `${title}.wav`);
    return (await this.request("POST", "/admin/api/uploads", form)).song;
  }

  /** Adds an album of songs; returns its id. */
  async addAlbum(title, artist, image, songs) {
    const form = new FormData();
    form.set("title", title);
    form.set("artist", artist);
    form.set("release_year", "2024");
    form.set("image", new Blob([image], { type: "image/png" }), "cover.png");
    const album = await this.request("POST", "/admin/api/albums", form);
    await this.request("POST", "/admin/api/songs/actions/set_album", { ids: songs.map((s) => s.id), value: String(album.id) });
    return album.id;
  }
}

/** A one-pixel PNG. */
export const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
