-- What an import brought in, by its address or path in the source, and the name
-- that it has here: an import that begins again brings nothing in twice. Several
-- records may share such a name, as they shared the address. When one of them lets
-- go of it, it is marked as released, and removed once no record has it.
CREATE TABLE transfer_media (
    url      TEXT    NOT NULL PRIMARY KEY,
    name     TEXT    NOT NULL,
    released BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX transfer_media_name ON transfer_media (name);
CREATE INDEX transfer_media_released ON transfer_media (name) WHERE released;
