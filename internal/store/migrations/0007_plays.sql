-- Who heard which song, and when.
CREATE TABLE plays (
    id        {{id}},
    user_id   BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    song_id   BIGINT NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    played_at BIGINT NOT NULL
);
CREATE INDEX plays_user ON plays (user_id, played_at, song_id);
CREATE INDEX plays_song ON plays (song_id, played_at);
CREATE INDEX plays_time ON plays (played_at, song_id);
