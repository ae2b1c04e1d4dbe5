-- By artist exactly.
CREATE INDEX songs_artist ON songs (artist);
CREATE INDEX albums_artist ON albums (artist);
