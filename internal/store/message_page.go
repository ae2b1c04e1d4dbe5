package store

import (
	"context"
	"math"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/chat"
)

// conversationsWith are a user's conversations, that with himself too: two
// ranges of the conversations' keys.
const conversationsWith = `(SELECT * FROM conversations WHERE low_id = $1 AND messages > 0
	UNION ALL
	SELECT * FROM conversations WHERE high_id = $1 AND low_id < $1 AND messages > 0) AS mine`

// CountMessagesOf returns how many messages a user sent or received.
func (s *Store) CountMessagesOf(ctx context.Context, userID int64) (n int, err error) {
	err = s.db.queryRow(ctx, `SELECT CAST(COALESCE(sum(messages), 0) AS BIGINT) FROM `+conversationsWith, []any{userID}, &n)
	return n, err
}

// MessagesOf returns a page of what a user sent or received, oldest first. It is
// read from the nearer end.
//
// The page reaches n messages from that end. Messages are found by their
// conversation only; but where n conversations have begun there are n messages,
// so that neither the other conversations matter nor any later message. So it
// is as a rule: the message that a conversation began with may have been deleted
// since, or others be of the same time. Should too few be found, the page is
// read from all conversations.
func (s *Store) MessagesOf(ctx context.Context, userID int64, p chat.Page) ([]chat.Message, error) {
	total, err := s.CountMessagesOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	w := windowOf(total, p.Limit, p.Offset)
	if w.limit == 0 {
		return []chat.Message{}, nil
	}
	query := messagesFromOldest
	if w.fromOldest { // of a list that begins with the newest
		query = messagesFromNewest
	}
	read := func(conversations int64) ([]chat.Message, error) {
		rows, err := s.db.query(ctx, query, userID, conversations, w.limit+w.offset, w.limit, w.offset)
		return collect(rows, err, scanMessage)
	}
	list, err := read(w.limit + w.offset)
	if err == nil && int64(len(list)) < w.limit {
		list, err = read(int64(total)) // each has a message at least
	}
	return list, err
}

// The queries for a page that reaches $3 messages from an end of the list, read
// from those $2 conversations that are nearest to it.
var (
	messagesFromOldest = messagesFrom(math.MaxInt64, `first_at`, `first_at - 1`, `<=`, ``)
	messagesFromNewest = messagesFrom(-math.MaxInt64, `last_at`, `last_at + 1`, `>=`, ` DESC`)
)

// messagesFrom words them. A conversation more than wanted is taken: messages
// matter until it begins, or until the end of time. Of a conversation of more
// than $3 messages, no more than as many matter.
func messagesFrom(end int64, begins, before, upTo, order string) string {
	endOfTime := strconv.FormatInt(end, 10)
	const until = `(SELECT at FROM until)`
	return `WITH
		c AS MATERIALIZED (SELECT low_id, high_id, messages, ` + begins + ` FROM ` + conversationsWith + `
			ORDER BY ` + begins + order + ` LIMIT $2 + 1),
		until AS MATERIALIZED (SELECT COALESCE(
			(SELECT ` + before + ` FROM c ORDER BY ` + begins + order + ` LIMIT 1 OFFSET $2), ` + endOfTime + `) AS at)
	SELECT ` + messageColumns + ` FROM messages WHERE id IN (
		SELECT m.id FROM c JOIN messages AS m ON m.low_id = c.low_id AND m.high_id = c.high_id AND m.created_at ` + upTo + `
			CASE WHEN c.messages <= $3 THEN ` + until + ` ELSE COALESCE((SELECT nth.created_at FROM messages AS nth
				WHERE nth.low_id = c.low_id AND nth.high_id = c.high_id AND nth.created_at ` + upTo + ` ` + until + `
				ORDER BY nth.created_at` + order + ` LIMIT 1 OFFSET $3 - 1), ` + until + `) END
		WHERE c.` + begins + ` ` + upTo + ` ` + until + `
		ORDER BY m.created_at` + order + `, m.id` + order + ` LIMIT $4 OFFSET $5)
	ORDER BY created_at, id`
}
