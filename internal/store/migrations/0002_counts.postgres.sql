-- Counts that the database keeps by itself, so that no page of a list has to
-- count a table: rows a table, works an artist, messages a conversation; and the
-- revisions 'catalog' and 'accounts', by which other processes see a change.
--
-- The triggers run once a statement, over all the rows it touched, so that a
-- bulk load updates a counter once and not a million times. The revisions come
-- before everything else, and 'catalog' before 'accounts': every writer takes the
-- rows of this table in one order, so that no two wait for each other.

CREATE FUNCTION bump(counter TEXT, by BIGINT) RETURNS void LANGUAGE sql AS $$
    UPDATE counters SET n = n + by WHERE name = counter AND by <> 0
$$;

CREATE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed BIGINT;
BEGIN
    SELECT count(*) INTO changed FROM touched;
    IF TG_OP = 'DELETE' THEN
        changed := -changed;
    END IF;
    PERFORM bump(TG_TABLE_NAME, changed);
    RETURN NULL;
END $$;

CREATE FUNCTION new_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM bump(TG_ARGV[0], 1);
    RETURN NULL;
END $$;

CREATE FUNCTION works_gained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO artists (name, works)
        SELECT artist, count(*) FROM gained GROUP BY artist ORDER BY artist
        ON CONFLICT (name) DO UPDATE SET works = artists.works + EXCLUDED.works;
    RETURN NULL;
END $$;

CREATE FUNCTION works_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE artists SET works = artists.works - l.works
        FROM (SELECT artist, count(*) AS works FROM lost GROUP BY artist) AS l
        WHERE artists.name = l.artist;
    DELETE FROM artists WHERE works <= 0 AND name IN (SELECT artist FROM lost);
    RETURN NULL;
END $$;

CREATE FUNCTION works_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO artists (name, works)
        SELECT g.artist, count(*) FROM gained g JOIN lost l ON l.id = g.id
        WHERE g.artist <> l.artist GROUP BY g.artist ORDER BY g.artist
        ON CONFLICT (name) DO UPDATE SET works = artists.works + EXCLUDED.works;
    UPDATE artists SET works = artists.works - m.works
        FROM (SELECT l.artist, count(*) AS works FROM lost l JOIN gained g ON l.id = g.id
              WHERE g.artist <> l.artist GROUP BY l.artist) AS m
        WHERE artists.name = m.artist;
    DELETE FROM artists WHERE works <= 0 AND name IN (SELECT artist FROM lost);
    RETURN NULL;
END $$;

CREATE FUNCTION messages_gained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision)
        SELECT low_id, high_id, count(*), 1 FROM gained GROUP BY low_id, high_id ORDER BY low_id, high_id
        ON CONFLICT (low_id, high_id) DO UPDATE
        SET messages = conversations.messages + EXCLUDED.messages, revision = conversations.revision + 1;
    RETURN NULL;
END $$;

CREATE FUNCTION messages_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE conversations c SET messages = c.messages - l.messages, revision = c.revision + 1
        FROM (SELECT low_id, high_id, count(*) AS messages FROM lost GROUP BY low_id, high_id) AS l
        WHERE c.low_id = l.low_id AND c.high_id = l.high_id;
    RETURN NULL;
END $$;

CREATE FUNCTION messages_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision)
        SELECT low_id, high_id, sum(n), 1
        FROM (SELECT low_id, high_id, 1 AS n FROM gained UNION ALL SELECT low_id, high_id, -1 FROM lost) AS both_sides
        GROUP BY low_id, high_id ORDER BY low_id, high_id
        ON CONFLICT (low_id, high_id) DO UPDATE
        SET messages = conversations.messages + EXCLUDED.messages, revision = conversations.revision + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER artists_counted AFTER INSERT ON artists REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER artists_uncounted AFTER DELETE ON artists REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();

CREATE TRIGGER songs_counted AFTER INSERT ON songs REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER songs_uncounted AFTER DELETE ON songs REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER songs_gained AFTER INSERT ON songs REFERENCING NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION works_gained();
CREATE TRIGGER songs_lost AFTER DELETE ON songs REFERENCING OLD TABLE AS lost
    FOR EACH STATEMENT EXECUTE FUNCTION works_lost();
CREATE TRIGGER songs_moved AFTER UPDATE ON songs REFERENCING OLD TABLE AS lost NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION works_moved();
CREATE TRIGGER songs_revised BEFORE INSERT OR UPDATE OR DELETE ON songs
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('catalog');

CREATE TRIGGER albums_counted AFTER INSERT ON albums REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER albums_uncounted AFTER DELETE ON albums REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER albums_gained AFTER INSERT ON albums REFERENCING NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION works_gained();
CREATE TRIGGER albums_lost AFTER DELETE ON albums REFERENCING OLD TABLE AS lost
    FOR EACH STATEMENT EXECUTE FUNCTION works_lost();
CREATE TRIGGER albums_moved AFTER UPDATE ON albums REFERENCING OLD TABLE AS lost NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION works_moved();
CREATE TRIGGER albums_revised BEFORE INSERT OR UPDATE OR DELETE ON albums
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('catalog');

CREATE TRIGGER users_counted AFTER INSERT ON users REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER users_uncounted AFTER DELETE ON users REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
CREATE TRIGGER users_joined_or_left BEFORE INSERT OR DELETE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('catalog');
CREATE TRIGGER users_revised BEFORE INSERT OR DELETE OR UPDATE OF external_id, email, verified, full_name, image, active, admin ON users
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('accounts');
CREATE TRIGGER tokens_revised BEFORE DELETE ON tokens
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('accounts');
CREATE TRIGGER sessions_revised BEFORE DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION new_revision('accounts');

CREATE TRIGGER messages_gained AFTER INSERT ON messages REFERENCING NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION messages_gained();
CREATE TRIGGER messages_lost AFTER DELETE ON messages REFERENCING OLD TABLE AS lost
    FOR EACH STATEMENT EXECUTE FUNCTION messages_lost();
CREATE TRIGGER messages_changed AFTER UPDATE ON messages REFERENCING OLD TABLE AS lost NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION messages_changed();
