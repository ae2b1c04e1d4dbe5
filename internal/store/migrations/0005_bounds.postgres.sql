-- Two indexes of messages go, because each new message dirtied a page of each:
-- what a user sent or received is read from his conversations, which now tell
-- between which times their messages lie, and goes with them when he goes.

-- No message of a conversation is earlier than first_at or later than last_at.
-- The times stay when the message goes that they are of.
ALTER TABLE conversations ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0, ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
UPDATE conversations AS c SET first_at = m.first_at, last_at = m.last_at
    FROM (SELECT low_id, high_id, min(created_at) AS first_at, max(created_at) AS last_at FROM messages GROUP BY low_id, high_id) AS m
    WHERE m.low_id = c.low_id AND m.high_id = c.high_id;

CREATE OR REPLACE FUNCTION messages_gained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision, first_at, last_at)
        SELECT low_id, high_id, count(*), 1, min(created_at), max(created_at)
        FROM gained GROUP BY low_id, high_id ORDER BY low_id, high_id
        ON CONFLICT (low_id, high_id) DO UPDATE
        SET messages = conversations.messages + EXCLUDED.messages, revision = conversations.revision + 1,
            first_at = least(conversations.first_at, EXCLUDED.first_at),
            last_at = greatest(conversations.last_at, EXCLUDED.last_at);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION messages_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO conversations (low_id, high_id, messages, revision, first_at, last_at)
        SELECT low_id, high_id, sum(n), 1, min(created_at), max(created_at)
        FROM (SELECT low_id, high_id, created_at, 1 AS n FROM gained
              UNION ALL SELECT low_id, high_id, created_at, -1 FROM lost) AS both_sides
        GROUP BY low_id, high_id ORDER BY low_id, high_id
        ON CONFLICT (low_id, high_id) DO UPDATE
        SET messages = conversations.messages + EXCLUDED.messages, revision = conversations.revision + 1,
            first_at = least(conversations.first_at, EXCLUDED.first_at),
            last_at = greatest(conversations.last_at, EXCLUDED.last_at);
    RETURN NULL;
END $$;

-- A message refers to its conversation, and that to its users. The triggers
-- above make the conversation, after references that are not deferred have been
-- looked at. A user who does not exist is noticed before the commit all the
-- same: it is the conversation that refers to him.
ALTER TABLE messages
    DROP CONSTRAINT messages_sender_fkey,
    DROP CONSTRAINT messages_receiver_fkey,
    ADD CONSTRAINT messages_conversation_fkey FOREIGN KEY (low_id, high_id) REFERENCES conversations (low_id, high_id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
DROP INDEX messages_sender;
DROP INDEX messages_receiver;
