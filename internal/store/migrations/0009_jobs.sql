-- Work that is kept until it is done; see the package jobs. A job may be taken
-- from due_at on. Whoever takes one puts his lease there and moves due_at to its
-- end, so that the jobs of the dead become due by themselves.
CREATE TABLE jobs (
    id         {{id}},
    kind       TEXT    NOT NULL,
    unique_key TEXT,
    scheduled  BOOLEAN NOT NULL DEFAULT FALSE,
    payload    BYTEA   NOT NULL,
    due_at     BIGINT  NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT  NOT NULL,
    lease      TEXT,
    node       TEXT    NOT NULL DEFAULT '',
    started_at BIGINT,
    failed_at  BIGINT,
    last_error TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX jobs_due ON jobs (due_at, id, kind) WHERE failed_at IS NULL;
CREATE INDEX jobs_failed ON jobs (failed_at, id) WHERE failed_at IS NOT NULL;
-- One of a kind and key waits; another may run meanwhile.
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, unique_key) WHERE lease IS NULL AND failed_at IS NULL;
-- One of a kind comes again by itself.
CREATE UNIQUE INDEX jobs_scheduled ON jobs (kind) WHERE scheduled;

-- How the last runs went.
CREATE TABLE job_runs (
    id         {{id}},
    kind       TEXT   NOT NULL,
    node       TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    took       BIGINT NOT NULL, -- microseconds
    result     TEXT   NOT NULL,
    error      TEXT   NOT NULL
);
CREATE INDEX job_runs_kind ON job_runs (kind, id);
