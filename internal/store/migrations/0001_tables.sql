-- Users, what they sign in with, the catalogue, messages and files.
--
-- {{id}} becomes each engine's self-numbering primary key. Times are whole
-- microseconds since 1970 in UTC, which compare, sort and scan alike on both
-- engines. Triggers that keep the counts are in 0002.

CREATE TABLE users (
    id           {{id}},
    oid          TEXT    NOT NULL CONSTRAINT users_oid_key UNIQUE,
    external_id  TEXT    NOT NULL CONSTRAINT users_external_id_key UNIQUE,
    email        TEXT    NOT NULL,
    email_folded TEXT    NOT NULL CONSTRAINT users_email_folded_key UNIQUE,
    verified     BOOLEAN NOT NULL,
    full_name    TEXT    NOT NULL,
    image        TEXT    NOT NULL,
    password     TEXT    NOT NULL,
    active       BOOLEAN NOT NULL,
    admin        BOOLEAN NOT NULL,
    created_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL,
    last_login_at BIGINT
);
CREATE INDEX users_created ON users (created_at, id);

CREATE TABLE tokens (
    id           {{id}},
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash         TEXT   NOT NULL CONSTRAINT tokens_hash_key UNIQUE,
    label        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX tokens_user ON tokens (user_id, id);

CREATE TABLE sessions (
    id         {{id}},
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash       TEXT   NOT NULL CONSTRAINT sessions_hash_key UNIQUE,
    label      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE albums (
    id           {{id}},
    oid          TEXT   NOT NULL CONSTRAINT albums_oid_key UNIQUE,
    title        TEXT   NOT NULL,
    artist       TEXT   NOT NULL,
    image        TEXT   NOT NULL,
    release_year DOUBLE PRECISION NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX albums_created ON albums (created_at, id);

-- album_named is the ObjectId of an album that a client named and that does
-- not exist. album_position is the order in which songs were added to an album.
CREATE TABLE songs (
    id             {{id}},
    oid            TEXT   NOT NULL CONSTRAINT songs_oid_key UNIQUE,
    title          TEXT   NOT NULL,
    artist         TEXT   NOT NULL,
    image          TEXT   NOT NULL,
    audio          TEXT   NOT NULL,
    duration       DOUBLE PRECISION NOT NULL,
    album_id       BIGINT REFERENCES albums (id) ON DELETE CASCADE,
    album_named    TEXT,
    album_position BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    CONSTRAINT songs_one_album CHECK (album_id IS NULL OR album_named IS NULL)
);
CREATE INDEX songs_created ON songs (created_at, id);
CREATE INDEX songs_album ON songs (album_id, album_position, oid) WHERE album_id IS NOT NULL;
CREATE INDEX songs_album_named ON songs (album_named) WHERE album_named IS NOT NULL;

-- low_id and high_id name the two parties whichever way the message went, so
-- that a conversation is one range of one index.
CREATE TABLE messages (
    id          {{id}},
    oid         TEXT   NOT NULL CONSTRAINT messages_oid_key UNIQUE,
    sender_id   BIGINT NOT NULL CONSTRAINT messages_sender_fkey REFERENCES users (id) ON DELETE CASCADE,
    receiver_id BIGINT NOT NULL CONSTRAINT messages_receiver_fkey REFERENCES users (id) ON DELETE CASCADE,
    low_id      BIGINT NOT NULL GENERATED ALWAYS AS (CASE WHEN sender_id < receiver_id THEN sender_id ELSE receiver_id END) STORED,
    high_id     BIGINT NOT NULL GENERATED ALWAYS AS (CASE WHEN sender_id < receiver_id THEN receiver_id ELSE sender_id END) STORED,
    content     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX messages_pair ON messages (low_id, high_id, created_at, id);
CREATE INDEX messages_sender ON messages (sender_id, created_at, id);
CREATE INDEX messages_receiver ON messages (receiver_id, created_at, id);

-- A name keeps its row when its file is removed, so that it is never given to
-- another content.
CREATE TABLE files (
    name         TEXT   NOT NULL CONSTRAINT files_name_key PRIMARY KEY,
    blob         TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    content_type TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    removed_at   BIGINT
);
CREATE INDEX files_blob ON files (blob) WHERE removed_at IS NULL;

-- What the database counts by itself; see 0002.
CREATE TABLE counters (
    name TEXT   NOT NULL PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO counters (name, n) VALUES
    ('songs', 0), ('albums', 0), ('users', 0), ('artists', 0),
    ('catalog', 0), ('accounts', 0);

-- How many songs and albums name an artist.
CREATE TABLE artists (
    name  TEXT   NOT NULL PRIMARY KEY,
    works BIGINT NOT NULL
);

-- How many messages two users exchanged; low_id is not above high_id. The
-- revision rises with every change of one of them, so that a row stays when the
-- last message goes.
CREATE TABLE conversations (
    low_id   BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    high_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    messages BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (low_id, high_id)
);
CREATE INDEX conversations_high ON conversations (high_id, low_id);
