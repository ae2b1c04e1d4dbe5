-- How far each user has read what another wrote to him. The message may have
-- been deleted since; its place in the conversation, by time and id, stays.
CREATE TABLE read_marks (
    reader_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    other_id   BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    message_at BIGINT NOT NULL,
    read_at    BIGINT NOT NULL,
    PRIMARY KEY (reader_id, other_id)
);
CREATE INDEX read_marks_other ON read_marks (other_id);

-- With the sender at its end, the index of conversations also counts what one
-- of the two wrote behind a place, without a look at the messages.
DROP INDEX messages_pair;
CREATE INDEX messages_pair ON messages (low_id, high_id, created_at, id, sender_id);
