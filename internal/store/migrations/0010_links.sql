-- Links that are sent by mail; see the package account. Of a link's key there is
-- only its hash, and of the password that its user had then, a fingerprint. A
-- link that was used is gone.
CREATE TABLE links (
    id         {{id}},
    purpose    TEXT   NOT NULL,
    user_id    BIGINT REFERENCES users (id) ON DELETE CASCADE,
    email      TEXT   NOT NULL, -- folded
    password   TEXT   NOT NULL,
    hash       TEXT   NOT NULL CONSTRAINT links_hash_key UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_user ON links (user_id, purpose);
CREATE INDEX links_email ON links (email, purpose);
CREATE INDEX links_expiry ON links (expires_at);
