-- Who users are elsewhere, whom admins have invited, and which sign-ins elsewhere
-- have come to their ends; see the package account.
CREATE TABLE identities (
    id         {{id}},
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT identities_subject_key UNIQUE (provider, subject)
);
CREATE INDEX identities_user ON identities (user_id, id);

CREATE TABLE invitations (
    id           {{id}},
    email        TEXT   NOT NULL,
    email_folded TEXT   NOT NULL CONSTRAINT invitations_email_folded_key UNIQUE,
    role         BIGINT NOT NULL,
    inviter      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX invitations_expiry ON invitations (expires_at);

CREATE TABLE spent (
    hash       TEXT   NOT NULL CONSTRAINT spent_pkey PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_expiry ON spent (expires_at);
