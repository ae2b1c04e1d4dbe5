-- Who sees what a user is doing: 0 everyone, 1 the people he has exchanged
-- messages with, 2 nobody. A change counts as one of accounts, see 0002.

ALTER TABLE users ADD COLUMN audience SMALLINT NOT NULL DEFAULT 0 CONSTRAINT users_audience_check CHECK (audience BETWEEN 0 AND 2);

DROP TRIGGER users_update;
CREATE TRIGGER users_update AFTER UPDATE OF external_id, email, verified, full_name, image, active, admin, audience ON users
BEGIN
    UPDATE counters SET n = n + 1 WHERE name = 'accounts';
END;
