package store

import (
	"context"
	"math"
	"slices"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

const messageColumns = `id, oid, sender_id, receiver_id, content, created_at, updated_at`

func scanMessage(r row) (m chat.Message, err error) {
	err = r.Scan(&m.ID, &m.OID, &m.SenderID, &m.ReceiverID, &m.Content, (*instant)(&m.Created), (*instant)(&m.Updated))
	return m, err
}

// MessageByID returns a message. Errors: NotFound.
func (s *Store) MessageByID(ctx context.Context, id int64) (chat.Message, error) {
	rows, err := s.db.query(ctx, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, id)
	return one(rows, err, scanMessage)
}

// MessageByOID returns a message. Errors: NotFound.
func (s *Store) MessageByOID(ctx context.Context, id oid.ID) (chat.Message, error) {
	rows, err := s.db.query(ctx, `SELECT `+messageColumns+` FROM messages WHERE oid = $1`, id)
	return one(rows, err, scanMessage)
}

// Conversation returns what two users wrote to each other, oldest first.
func (s *Store) Conversation(ctx context.Context, a, b int64, p chat.Page) ([]chat.Message, error) {
	rows, err := s.db.query(ctx, `SELECT `+messageColumns+` FROM messages
		WHERE low_id = $1 AND high_id = $2 ORDER BY created_at, id LIMIT $3 OFFSET $4`,
		min(a, b), max(a, b), limit(p.Limit), p.Offset)
	return collect(rows, err, scanMessage)
}

// conversationBefore reads a range of the index messages_pair from its end.
const conversationBefore = `SELECT ` + messageColumns + ` FROM messages
	WHERE low_id = $1 AND high_id = $2 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5`

// ConversationBefore returns the newest messages that two users wrote to each
// other before one of theirs, oldest first, and at most limit of them. The zero
// message is later than all.
func (s *Store) ConversationBefore(ctx context.Context, a, b int64, before chat.Message, limit int) ([]chat.Message, error) {
	created := int64(math.MaxInt64)
	if before.ID != 0 {
		created = before.Created.UnixMicro()
	}
	rows, err := s.db.query(ctx, conversationBefore, min(a, b), max(a, b), created, before.ID, limit)
	list, err := collect(rows, err, scanMessage)
	slices.Reverse(list)
	return list, err
}

// ConversationRevision returns a number that rises with every change of what
// two users wrote to each other; 0 if they never did.
func (s *Store) ConversationRevision(ctx context.Context, a, b int64) (n int64, err error) {
	err = s.db.queryRow(ctx, `SELECT revision FROM conversations WHERE low_id = $1 AND high_id = $2`,
		[]any{min(a, b), max(a, b)}, &n)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return n, err
}

// UpdateMessage stores a message's changed fields. Errors: NotFound; Invalid
// with the field receiver.
func (s *Store) UpdateMessage(ctx context.Context, m chat.Message) error {
	return receiverUnknown(s.db.execOne(ctx, `UPDATE messages SET receiver_id = $1, content = $2, updated_at = $3 WHERE id = $4`,
		m.ReceiverID, m.Content, instant(m.Updated), m.ID))
}

// receiverUnknown names the field of a message that refers to no user. The
// sender is whoever asks, so it is not him.
func receiverUnknown(err error) error {
	if !isForeignKey(err) {
		return err
	}
	return &errs.Error{Kind: errs.Invalid, Fields: []errs.Field{{Name: "receiver", Code: errs.Unknown}}, Err: err}
}

// DeleteMessage removes a message. Errors: NotFound.
func (s *Store) DeleteMessage(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM messages WHERE id = $1`, id)
}
