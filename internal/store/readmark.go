package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// othersOf is a user's conversations with others, as low_id, high_id and
// other_id: two ranges of the conversations' keys.
const othersOf = `(SELECT low_id, high_id, high_id AS other_id FROM conversations WHERE low_id = $1 AND high_id > $1 AND messages > 0
	UNION ALL
	SELECT low_id, high_id, low_id FROM conversations WHERE high_id = $1 AND low_id < $1 AND messages > 0) AS mine`

// unreadOf counts what the other of a conversation c wrote behind the reader's
// mark r, which may be absent: a range of the index messages_pair, which tells
// the sender too.
const unreadOf = `(SELECT count(*) FROM messages AS m WHERE m.low_id = c.low_id AND m.high_id = c.high_id
	AND (m.created_at, m.id) > (COALESCE(r.message_at, 0), COALESCE(r.message_id, 0)) AND m.sender_id = c.other_id)`

// readUpTo is the last message there is of a conversation c up to the mark r.
// The marked one itself may have been deleted since.
const readUpTo = `(SELECT m.id FROM messages AS m WHERE m.low_id = c.low_id AND m.high_id = c.high_id
	AND (m.created_at, m.id) <= (r.message_at, r.message_id) ORDER BY m.created_at DESC, m.id DESC LIMIT 1)`

// CountConversations returns with how many others a user has messages.
func (s *Store) CountConversations(ctx context.Context, userID int64) (n int, err error) {
	err = s.db.queryRow(ctx, `SELECT count(*) FROM `+othersOf, []any{userID}, &n)
	return n, err
}

// conversationsOf reads a page of a user's conversations. The first SELECT finds
// the newest message of each, one step of an index, and cuts the page out; only
// what is on the page is counted.
const conversationsOf = `SELECT c.other_id, ` + unreadOf + `, COALESCE(seen.id, 0), COALESCE(seen.oid, ''),
		last.id, last.oid, last.sender_id, last.receiver_id, last.content, last.created_at, last.updated_at
	FROM (SELECT mine.low_id, mine.high_id, mine.other_id, newest.id AS last_id, newest.created_at AS last_at
		FROM ` + othersOf + ` JOIN messages AS newest ON newest.id = (SELECT m.id FROM messages AS m
			WHERE m.low_id = mine.low_id AND m.high_id = mine.high_id ORDER BY m.created_at DESC, m.id DESC LIMIT 1)
		ORDER BY newest.created_at DESC, newest.id DESC LIMIT $2 OFFSET $3) AS c
	JOIN messages AS last ON last.id = c.last_id
	LEFT JOIN read_marks AS r ON r.reader_id = $1 AND r.other_id = c.other_id
	LEFT JOIN messages AS seen ON seen.id = (SELECT ` + readUpTo + ` FROM read_marks AS r WHERE r.reader_id = c.other_id AND r.other_id = $1)
	ORDER BY c.last_at DESC, c.last_id DESC`

// Conversations returns a page of a user's conversations with others, those
// with the newest messages first.
func (s *Store) Conversations(ctx context.Context, userID int64, p chat.Page) ([]chat.Summary, error) {
	rows, err := s.db.query(ctx, conversationsOf, userID, limit(p.Limit), p.Offset)
	return collect(rows, err, func(r row) (c chat.Summary, err error) {
		m := &c.Last
		err = r.Scan(&c.OtherID, &c.Unread, &c.ReadUpTo.ID, &c.ReadUpTo.OID,
			&m.ID, &m.OID, &m.SenderID, &m.ReceiverID, &m.Content, (*instant)(&m.Created), (*instant)(&m.Updated))
		return c, err
	})
}

// unreadByOther counts what a user has not read, by the other.
const unreadByOther = `SELECT c.other_id, ` + unreadOf + `
	FROM (SELECT * FROM ` + othersOf + `) AS c LEFT JOIN read_marks AS r ON r.reader_id = $1 AND r.other_id = c.other_id`

// Unread returns how many messages of others a user has not read, by the other.
// Others without any are left out.
func (s *Store) Unread(ctx context.Context, userID int64) (map[int64]int, error) {
	type count struct {
		other int64
		n     int
	}
	rows, err := s.db.query(ctx, unreadByOther, userID)
	byOther := map[int64]int{}
	err = each(rows, err, func(r row) (c count, err error) {
		err = r.Scan(&c.other, &c.n)
		return c, err
	}, func(c count) error {
		if c.n > 0 {
			byOther[c.other] = c.n
		}
		return nil
	})
	return byOther, err
}

// UnreadFrom returns how many messages of one other a user has not read.
func (s *Store) UnreadFrom(ctx context.Context, userID, otherID int64) (n int, err error) {
	err = s.db.queryRow(ctx, `SELECT `+unreadOf+`
		FROM (SELECT CAST($3 AS BIGINT) AS low_id, CAST($4 AS BIGINT) AS high_id, CAST($2 AS BIGINT) AS other_id) AS c
		LEFT JOIN read_marks AS r ON r.reader_id = $1 AND r.other_id = c.other_id`,
		[]any{userID, otherID, min(userID, otherID), max(userID, otherID)}, &n)
	return n, err
}

// ReadMark returns how far a user has read what another wrote: up to the last
// message there is before his mark. Errors: NotFound.
func (s *Store) ReadMark(ctx context.Context, readerID, otherID int64) (chat.Mark, error) {
	m := chat.Mark{ReaderID: readerID, OtherID: otherID}
	err := s.db.queryRow(ctx, `SELECT seen.id, seen.oid, r.read_at
		FROM (SELECT CAST($3 AS BIGINT) AS low_id, CAST($4 AS BIGINT) AS high_id) AS c
		JOIN read_marks AS r ON r.reader_id = $1 AND r.other_id = $2
		JOIN messages AS seen ON seen.id = `+readUpTo,
		[]any{readerID, otherID, min(readerID, otherID), max(readerID, otherID)}, &m.MessageID, &m.MessageOID, (*instant)(&m.At))
	return m, err
}

// MoveReadMark moves a user's mark forward to a message of the time given. It
// reports whether it did: a mark that is there or beyond stays.
func (s *Store) MoveReadMark(ctx context.Context, m chat.Mark, created time.Time) (moved bool, err error) {
	n, err := s.db.exec(ctx, `INSERT INTO read_marks (reader_id, other_id, message_id, message_at, read_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (reader_id, other_id) DO UPDATE
		SET message_id = EXCLUDED.message_id, message_at = EXCLUDED.message_at, read_at = EXCLUDED.read_at
		WHERE (EXCLUDED.message_at, EXCLUDED.message_id) > (read_marks.message_at, read_marks.message_id)`,
		m.ReaderID, m.OtherID, m.MessageID, instant(created), instant(m.At))
	if isForeignKey(err) {
		err = &errs.Error{Kind: errs.NotFound, Err: err}
	}
	return n > 0, err
}
