// A peer of the benchmarks: what Express makes of the same routes when it has
// no database to wait for. The data is in memory, indexed by whatever a route
// looks up, and each answer is a res.json with Express's own ETag.
//
// node server.js PORT DATA, where DATA is a JSON file that holds
// albums, songs and users as arrays of the Node dialect,
// conversations by the other user's clerkId, djangoSongs as the results of
// all pages, and userKey and adminKey as the keys of a user and an admin.

import { readFileSync } from "node:fs";
import cors from "cors";
import express from "express";

const [port, file] = process.argv.slice(2);
const data = JSON.parse(readFileSync(file, "utf8"));
const songs = new Map(data.songs.map((song) => [song._id, song]));
const albums = new Map(data.albums.map((album) => [album._id, album]));
const pageSize = 20;
const featuredSize = 6;

const signedIn = (req) => req.headers.authorization?.replace("Bearer ", "");

function needsUser(req, res, next) {
  const key = signedIn(req);
  if (key === data.userKey || key === data.adminKey) return next();
  res.status(401).json({ message: "Unauthorized - you must be logged in" });
}

function needsAdmin(req, res, next) {
  if (signedIn(req) === data.adminKey) return next();
  res.status(403).json({ message: "Unauthorized - you must be an admin" });
}

function sample(list, n) {
  const picked = new Set();
  while (picked.size < n) picked.add(list[Math.floor(Math.random() * list.length)]);
  return [...picked];
}

// The middleware without which the answers would not be the dialect's: every
// one carries the CORS headers, and every route takes a JSON body.
const app = express();
app.use(cors({ origin: "http://localhost:3000", credentials: true }));
app.use(express.json());

app.get("/api/albums", (req, res) => res.json(data.albums));

app.get("/api/albums/:id", (req, res) => {
  const album = albums.get(req.params.id);
  if (!album) return res.status(404).json({ message: "Album not found" });
  res.json({ ...album, songs: album.songs.map((id) => songs.get(id)) });
});

app.get("/api/songs/featured", (req, res) => {
  const short = ({ _id, title, artist, imageUrl, audioUrl }) => ({ _id, title, artist, imageUrl, audioUrl });
  res.json(sample(data.songs, featuredSize).map(short));
});

// Counted at each request, as the route says; there is just no database to ask.
app.get("/api/stats", needsUser, needsAdmin, (req, res) => {
  const artists = new Set();
  for (const song of data.songs) artists.add(song.artist);
  for (const album of data.albums) artists.add(album.artist);
  res.json({
    totalAlbums: data.albums.length, totalSongs: data.songs.length,
    totalUsers: data.users.length + 1, // the list is without who asks for it
    totalArtists: artists.size,
  });
});

app.get("/api/users", needsUser, (req, res) => res.json(data.users));

app.get("/api/users/messages/:id", needsUser, (req, res) => res.json(data.conversations[req.params.id] ?? []));

// A page as the Django dialect has it.
app.get("/api/songs/", (req, res) => {
  const page = Number(req.query.page ?? 1);
  const url = (n) => `http://${req.headers.host}/api/songs/?page=${n}`;
  const last = Math.ceil(data.djangoSongs.length / pageSize);
  res.json({
    count: data.djangoSongs.length,
    next: page < last ? url(page + 1) : null,
    previous: page > 1 ? url(page - 1) : null,
    results: data.djangoSongs.slice((page - 1) * pageSize, page * pageSize),
  });
});

app.listen(Number(port), "127.0.0.1");
