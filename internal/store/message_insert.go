package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// The sizes of INSERTs are those below the lesser, and these.
const (
	lesserInsert  = 16
	greaterInsert = 64
)

// insertSizes returns how many messages each INSERT of n has. There are few
// sizes, so that all of the statements stay prepared, and a few messages are
// one statement; one of more rows than the greatest would be no faster.
func insertSizes(n int) []int {
	var sizes []int
	for _, size := range [...]int{greaterInsert, lesserInsert} {
		for ; n >= size; n -= size {
			sizes = append(sizes, size)
		}
	}
	if n > 0 {
		sizes = append(sizes, n)
	}
	return sizes
}

// messageValues is how many values a message is stored with.
const messageValues = 6

// insertTexts returns the INSERTs of an engine by how many messages they have.
var insertTexts = [...]func() map[int]string{
	sqlite:   sync.OnceValue(sqlite.insertTexts),
	postgres: sync.OnceValue(postgres.insertTexts),
}

func (e engine) insertTexts() map[int]string {
	texts := map[int]string{greaterInsert: e.insertText(greaterInsert)}
	for n := 1; n <= lesserInsert; n++ {
		texts[n] = e.insertText(n)
	}
	return texts
}

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
	b.WriteByte(')')
	if e == postgres {
		b.WriteString(` RETURNING id, oid`)
	}
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
	stored := messages
	for len(stored) > 0 {
		prev, err = s.insertMessages(ctx, stored)
		if err == nil {
			break
		}
		if !isForeignKey(err) {
			return 0, err
		}
		exist, missing := s.withParties(ctx, stored)
		if missing != nil {
			return 0, missing
		}
		if len(exist) == len(stored) {
			return 0, err // nobody is missing
		}
		stored = exist
	}
	for i := range messages {
		m := &messages[i]
		if len(stored) > 0 && stored[0].OID == m.OID {
			*m, stored = stored[0], stored[1:]
		} else {
			m.ID = 0
		}
	}
	return prev, nil
}

// insertMessages stores messages whose parties exist, all or none, and returns
// an id from before them. A party who does not exist is noticed when the
// conversation is made, which refers to both; the message only refers to the
// conversation.
func (s *Store) insertMessages(ctx context.Context, messages []chat.Message) (prev int64, err error) {
	sizes := insertSizes(len(messages))
	if s.db.engine == sqlite && len(sizes) == 1 { // a statement is a transaction of its own, for much less
		return s.insertSQLite(ctx, messages, sizes)
	}
	err = s.InTx(ctx, func(ctx context.Context) error {
		if s.db.engine == sqlite {
			prev, err = s.insertSQLite(ctx, messages, sizes)
		} else {
			prev, err = s.insertPostgres(ctx, messages, sizes)
		}
		return err
	})
	return prev, err
}

// insertSQLite runs INSERTs of so many messages each. SQLite has one writer and
// gives the rows of a statement ids without gaps, so the last tells all.
func (s *Store) insertSQLite(ctx context.Context, messages []chat.Message, sizes []int) (prev int64, err error) {
	args, texts := messageArgs(messages), insertTexts[sqlite]()
	var res sql.Result
	for _, n := range sizes {
		if res, err = s.db.execRaw(ctx, texts[n], args[:n*messageValues]...); err != nil {
			return 0, s.db.translate(err)
		}
		args = args[n*messageValues:]
	}
	last, err := res.LastInsertId()
	prev = last - int64(len(messages))
	for i := range messages {
		messages[i].ID = prev + 1 + int64(i)
	}
	return prev, err
}

// insertPostgres is insertSQLite in PostgreSQL. A statement answers its rows in
// any order, so each comes with what tells it from the others.
func (s *Store) insertPostgres(ctx context.Context, messages []chat.Message, sizes []int) (prev int64, err error) {
	prev, newest, err := s.lastMessage(ctx)
	if err != nil {
		return 0, err
	}
	byOID := make(map[oid.ID]*chat.Message, len(messages))
	for i := range messages {
		m := &messages[i]
		byOID[m.OID] = m
		if behind := newest.Sub(m.Created); behind > 0 && behind < clockSlack {
			m.Created, m.Updated = newest, newest
		}
	}
	args, texts := messageArgs(messages), insertTexts[postgres]()
	for _, n := range sizes {
		rows, err := s.db.query(ctx, texts[n], args[:n*messageValues]...)
		err = each(rows, err, scanMessageKey, func(k messageKey) error {
			byOID[k.oid].ID = k.id
			return nil
		})
		if err != nil {
			return 0, err
		}
		args = args[n*messageValues:]
	}
	return prev, nil
}

type messageKey struct {
	id  int64
	oid oid.ID
}

func scanMessageKey(r row) (k messageKey, err error) {
	err = r.Scan(&k.id, (*string)(&k.oid))
	return k, err
}

// messageArgs returns the values of messages in an INSERT.
func messageArgs(messages []chat.Message) []any {
	args := make([]any, 0, messageValues*len(messages))
	for _, m := range messages {
		args = append(args, string(m.OID), m.SenderID, m.ReceiverID, m.Content, m.Created.UnixMicro(), m.Updated.UnixMicro())
	}
	return args
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
