-- Two indexes of messages go, because each new message dirtied a page of each:
-- what a user sent or received is read from his conversations, which now tell
-- between which times their messages lie, and goes with them when he goes.

-- No message of a conversation is earlier than first_at or later than last_at.
-- The times stay when the message goes that they are of.
ALTER TABLE conversations ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
UPDATE conversations AS c SET
    first_at = COALESCE((SELECT min(created_at) FROM messages AS m WHERE m.low_id = c.low_id AND m.high_id = c.high_id), 0),
    last_at = COALESCE((SELECT max(created_at) FROM messages AS m WHERE m.low_id = c.low_id AND m.high_id = c.high_id), 0);

-- A message refers to its conversation, and that to its users. The triggers
-- below make the conversation: the reference is looked at when the statement
-- ends.
ALTER TABLE messages RENAME TO messages_before;
CREATE TABLE messages (
    id          {{id}},
    oid         TEXT   NOT NULL CONSTRAINT messages_oid_key UNIQUE,
    sender_id   BIGINT NOT NULL,
    receiver_id BIGINT NOT NULL,
    low_id      BIGINT NOT NULL GENERATED ALWAYS AS (CASE WHEN sender_id < receiver_id THEN sender_id ELSE receiver_id END) STORED,
    high_id     BIGINT NOT NULL GENERATED ALWAYS AS (CASE WHEN sender_id < receiver_id THEN receiver_id ELSE sender_id END) STORED,
    content     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    CONSTRAINT messages_conversation_fkey FOREIGN KEY (low_id, high_id) REFERENCES conversations (low_id, high_id) ON DELETE CASCADE
);
INSERT INTO messages (id, oid, sender_id, receiver_id, content, created_at, updated_at)
    SELECT id, oid, sender_id, receiver_id, content, created_at, updated_at FROM messages_before ORDER BY id;

-- The id of a message that is gone is not given again.
DELETE FROM sqlite_sequence WHERE name = 'messages';
INSERT INTO sqlite_sequence (name, seq) SELECT 'messages', seq FROM sqlite_sequence WHERE name = 'messages_before';

DROP TABLE messages_before; -- with its indexes and triggers
CREATE INDEX messages_pair ON messages (low_id, high_id, created_at, id, sender_id);

CREATE TRIGGER messages_insert AFTER INSERT ON messages
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision, first_at, last_at)
        VALUES (NEW.low_id, NEW.high_id, 1, 1, NEW.created_at, NEW.created_at)
        ON CONFLICT (low_id, high_id) DO UPDATE SET messages = messages + 1, revision = revision + 1,
            first_at = min(first_at, EXCLUDED.first_at), last_at = max(last_at, EXCLUDED.last_at);
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
    INSERT INTO conversations (low_id, high_id, messages, revision, first_at, last_at)
        VALUES (NEW.low_id, NEW.high_id, 1, 1, NEW.created_at, NEW.created_at)
        ON CONFLICT (low_id, high_id) DO UPDATE SET messages = messages + 1, revision = revision + 1,
            first_at = min(first_at, EXCLUDED.first_at), last_at = max(last_at, EXCLUDED.last_at);
END;
