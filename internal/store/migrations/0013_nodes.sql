-- The nodes that run, or did until a while ago; see the package cluster. A beat
-- is one sign of life, by whose number the others see that it is a new one:
-- their clocks may differ.
CREATE TABLE nodes (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    beats      BIGINT NOT NULL
);
