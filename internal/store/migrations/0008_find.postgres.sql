-- fold writes a text in lower case, whatever its script: lower() alone follows
-- the locale of the database, which may know no letters but those of ASCII.
-- Without ICU the server can do no better.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
        CREATE FUNCTION fold(t TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
            'SELECT lower(t COLLATE pg_catalog."und-x-icu")';
    ELSE
        CREATE FUNCTION fold(t TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT lower(t)';
    END IF;
END $$;

-- By artist exactly. A hash takes names of any length.
CREATE INDEX songs_artist ON songs USING hash (artist);
CREATE INDEX albums_artist ON albums USING hash (artist);
