package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// insertSizes returns how many messages each INSERT of n has. There are four
// sizes, so that all of the statements stay prepared; one of more rows would be
// no faster.
func insertSizes(n int) []int {
	var sizes []int
	for _, size := range [...]int{64, 16, 4, 1} {
		for ; n >= size; n -= size {
			sizes = append(sizes, size)
		}
	}
	return sizes
}

// messageValues is how many values a message is stored with.
const messageValues = 6

// insertText is an INSERT of n messages. To SQLite "$1" is a name, which it
// looks for in the list of all names as each value is bound: with 64 messages
// that would be a fifth of the whole work.
func (e engine) insertText(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO messages (oid, sender_id, receiver_id, content, created_at, updated_at) VALUES `)
	for i := range n * messageValues {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%messageValues == 0:
			b.WriteString(`), (`)
		default:
			b.WriteString(`, `)
		}
		if e == sqlite {
			b.WriteByte('?')
		} else {
			b.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	b.WriteString(`) RETURNING id, oid`)
	return b.String()
}

// messageLock is PostgreSQL's advisory lock that has messages become visible in
// the order of their ids; the number is arbitrary. SQLite has one writer anyway.
const messageLock = 0x616e7470

// clockSlack is how far behind the last message one may seem to be that is only
// told by another clock. A last message that is further ahead was wrong.
const clockSlack = 10 * time.Second

// InsertMessages stores messages in one transaction, gives them their ids, which
// rise in the order given, and returns an id that is below theirs and not below
// any from before. A message whose sender or receiver does not exist is left
// out, and its id is 0.
func (s *Store) InsertMessages(ctx context.Context, messages []chat.Message) (prev int64, err error) {
	ids := map[oid.ID]int64{}
	rest := messages
	for len(rest) > 0 {
		prev, ids, err = s.insertMessages(ctx, rest)
		if err == nil {
			break
		}
		if !isForeignKey(err) {
			return 0, err
		}
		exist, missing := s.withParties(ctx, rest)
		if missing != nil {
			return 0, missing
		}
		if len(exist) == len(rest) {
			return 0, err // nobody is missing
		}
		rest = exist
	}
	for i := range messages {
		m := &messages[i]
		if m.ID = ids[m.OID]; m.ID != 0 {
			m.Created, m.Updated = rest[0].Created, rest[0].Updated
			rest = rest[1:]
		}
	}
	return prev, nil
}

// insertMessages stores messages whose parties exist, all or none, and returns
// an id from before them and their ids. A party who does not exist is
// noticed when the conversation is made, which refers to both; the message only
// refers to the conversation. A statement answers its rows in any order, so each
// comes with what tells it from the others.
func (s *Store) insertMessages(ctx context.Context, messages []chat.Message) (prev int64, byOID map[oid.ID]int64, err error) {
	type key struct {
		id  int64
		oid oid.ID
	}
	scan := func(r row) (k key, err error) {
		err = r.Scan(&k.id, (*string)(&k.oid))
		return k, err
	}
	err = s.InTx(ctx, func(ctx context.Context) error {
		prev = 0
		var newest time.Time
		if s.db.engine == postgres {
			if prev, newest, err = s.lastMessage(ctx); err != nil {
				return err
			}
		}
		byOID = make(map[oid.ID]int64, len(messages))
		rest := messages
		for _, n := range insertSizes(len(messages)) {
			args := make([]any, 0, messageValues*n)
			for i := range rest[:n] {
				m := &rest[i]
				if behind := newest.Sub(m.Created); behind > 0 && behind < clockSlack {
					m.Created, m.Updated = newest, newest
				}
				args = append(args, string(m.OID), m.SenderID, m.ReceiverID, m.Content, m.Created.UnixMicro(), m.Updated.UnixMicro())
			}
			rest = rest[n:]
			rows, err := s.db.query(ctx, s.db.engine.insertText(n), args...)
			err = each(rows, err, scan, func(k key) error {
				byOID[k.oid] = k.id
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if s.db.engine == sqlite && err == nil { // whose ids have no gaps, and which one process writes
		prev = slices.Min(slices.Collect(maps.Values(byOID))) - 1
	}
	return prev, byOID, err
}

// lockMessages keeps all others from storing messages until the transaction
// ends. A node that stands still in the midst of it is cut off before long, so
// that it does not hold up the others.
const lockMessages = `SELECT set_config('idle_in_transaction_session_timeout', '5s', true), pg_advisory_xact_lock($1)`

// lastMessage returns the greatest id of a message on PostgreSQL, and when that
// was created, and keeps all others from storing any until the transaction ends.
func (s *Store) lastMessage(ctx context.Context) (id int64, created time.Time, err error) {
	if _, err := s.db.exec(ctx, lockMessages, int64(messageLock)); err != nil {
		return 0, created, err
	}
	err = s.db.queryRow(ctx, `SELECT id, created_at FROM messages ORDER BY id DESC LIMIT 1`, nil, &id, (*instant)(&created))
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return id, created, err
}

// LastMessageID returns the greatest id of a message; 0 if there is none.
func (s *Store) LastMessageID(ctx context.Context) (id int64, err error) {
	err = s.db.queryRow(ctx, `SELECT coalesce(max(id), 0) FROM messages`, nil, &id)
	return id, err
}

// MessagesAfter returns messages with greater ids, in their order.
func (s *Store) MessagesAfter(ctx context.Context, id int64, n int) ([]chat.Message, error) {
	rows, err := s.db.query(ctx, `SELECT `+messageColumns+` FROM messages WHERE id > $1 ORDER BY id LIMIT $2`, id, limit(n))
	return collect(rows, err, scanMessage)
}

// withParties returns the messages whose sender and receiver exist.
func (s *Store) withParties(ctx context.Context, messages []chat.Message) ([]chat.Message, error) {
	var parties []int64
	for _, m := range messages {
		parties = append(parties, m.SenderID, m.ReceiverID)
	}
	slices.Sort(parties)
	exists := map[int64]bool{}
	err := inBatches(slices.Compact(parties), func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, `SELECT id FROM users WHERE id IN (`+places+`)`, args...)
		return each(rows, err, scanID, func(id int64) error {
			exists[id] = true
			return nil
		})
	})
	return slices.DeleteFunc(slices.Clone(messages), func(m chat.Message) bool {
		return !exists[m.SenderID] || !exists[m.ReceiverID]
	}), err
}
