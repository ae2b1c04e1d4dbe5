-- Counts that the database keeps by itself, so that no page of a list has to
-- count a table: rows a table, works an artist, messages a conversation; and the
-- revisions 'catalog' and 'accounts', by which other processes see a change.

CREATE TRIGGER artists_insert AFTER INSERT ON artists
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'artists';
END;

CREATE TRIGGER artists_delete AFTER DELETE ON artists
BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'artists';
END;

CREATE TRIGGER songs_insert AFTER INSERT ON songs
BEGIN
    UPDATE counters SET n = n + 1 WHERE name IN ('songs', 'catalog');
    INSERT INTO artists (name, works) VALUES (NEW.artist, 1) ON CONFLICT (name) DO UPDATE SET works = works + 1;
END;

CREATE TRIGGER songs_delete AFTER DELETE ON songs
BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'songs';
    UPDATE counters SET n = n + 1 WHERE name = 'catalog';
    UPDATE artists SET works = works - 1 WHERE name = OLD.artist;
    DELETE FROM artists WHERE name = OLD.artist AND works <= 0;
END;

CREATE TRIGGER songs_update AFTER UPDATE ON songs
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'catalog';
END;

CREATE TRIGGER songs_artist AFTER UPDATE OF artist ON songs WHEN OLD.artist <> NEW.artist
BEGIN
    UPDATE artists SET works = works - 1 WHERE name = OLD.artist;
    DELETE FROM artists WHERE name = OLD.artist AND works <= 0;
    INSERT INTO artists (name, works) VALUES (NEW.artist, 1) ON CONFLICT (name) DO UPDATE SET works = works + 1;
END;

CREATE TRIGGER albums_insert AFTER INSERT ON albums
BEGIN
    UPDATE counters SET n = n + 1 WHERE name IN ('albums', 'catalog');
    INSERT INTO artists (name, works) VALUES (NEW.artist, 1) ON CONFLICT (name) DO UPDATE SET works = works + 1;
END;

CREATE TRIGGER albums_delete AFTER DELETE ON albums
BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'albums';
    UPDATE counters SET n = n + 1 WHERE name = 'catalog';
    UPDATE artists SET works = works - 1 WHERE name = OLD.artist;
    DELETE FROM artists WHERE name = OLD.artist AND works <= 0;
END;

CREATE TRIGGER albums_update AFTER UPDATE ON albums
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'catalog';
END;

CREATE TRIGGER albums_artist AFTER UPDATE OF artist ON albums WHEN OLD.artist <> NEW.artist
BEGIN
    UPDATE artists SET works = works - 1 WHERE name = OLD.artist;
    DELETE FROM artists WHERE name = OLD.artist AND works <= 0;
    INSERT INTO artists (name, works) VALUES (NEW.artist, 1) ON CONFLICT (name) DO UPDATE SET works = works + 1;
END;

CREATE TRIGGER users_insert AFTER INSERT ON users
BEGIN
    UPDATE counters SET n = n + 1 WHERE name IN ('users', 'catalog', 'accounts');
END;

CREATE TRIGGER users_delete AFTER DELETE ON users
BEGIN
    UPDATE counters SET n = n - 1 WHERE name = 'users';
    UPDATE counters SET n = n + 1 WHERE name IN ('catalog', 'accounts');
END;

CREATE TRIGGER users_update AFTER UPDATE OF external_id, email, verified, full_name, image, active, admin ON users
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'accounts';
END;

CREATE TRIGGER tokens_delete AFTER DELETE ON tokens
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'accounts';
END;

CREATE TRIGGER sessions_delete AFTER DELETE ON sessions
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'accounts';
END;

CREATE TRIGGER messages_insert AFTER INSERT ON messages
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision) VALUES (NEW.low_id, NEW.high_id, 1, 1)
        ON CONFLICT (low_id, high_id) DO UPDATE SET messages = messages + 1, revision = revision + 1;
END;

CREATE TRIGGER messages_delete AFTER DELETE ON messages
BEGIN
    UPDATE conversations SET messages = messages - 1, revision = revision + 1
        WHERE low_id = OLD.low_id AND high_id = OLD.high_id;
END;

CREATE TRIGGER messages_update AFTER UPDATE ON messages
BEGIN
    UPDATE conversations SET messages = messages - 1, revision = revision + 1
        WHERE low_id = OLD.low_id AND high_id = OLD.high_id;
    INSERT INTO conversations (low_id, high_id, messages, revision) VALUES (NEW.low_id, NEW.high_id, 1, 1)
        ON CONFLICT (low_id, high_id) DO UPDATE SET messages = messages + 1, revision = revision + 1;
END;
