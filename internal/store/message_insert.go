package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/chat"
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

// InsertMessages stores messages in one transaction and returns their ids,
// which rise in the order given. A message whose sender or receiver does not
// exist is left out, and its id is 0.
func (s *Store) InsertMessages(ctx context.Context, messages []chat.Message) ([]int64, error) {
	stored := messages
	for {
		byOID, err := s.insertMessages(ctx, stored)
		if err == nil {
			ids := make([]int64, len(messages))
			for i, m := range messages {
				ids[i] = byOID[m.OID]
			}
			return ids, nil
		}
		if !isForeignKey(err) {
			return nil, err
		}
		rest, missing := s.withParties(ctx, stored)
		if missing != nil {
			return nil, missing
		}
		if len(rest) == len(stored) {
			return nil, err // nobody is missing
		}
		stored = rest
	}
}

// insertMessages stores messages whose parties exist, all or none, and returns
// the ids. A party who does not exist is noticed when the conversation is made,
// which refers to both; the message only refers to the conversation. A statement answers its rows in any order, so each comes with what
// tells it from the others.
func (s *Store) insertMessages(ctx context.Context, messages []chat.Message) (map[oid.ID]int64, error) {
	type key struct {
		id  int64
		oid oid.ID
	}
	scan := func(r row) (k key, err error) {
		err = r.Scan(&k.id, (*string)(&k.oid))
		return k, err
	}
	var byOID map[oid.ID]int64
	err := s.InTx(ctx, func(ctx context.Context) error {
		byOID = make(map[oid.ID]int64, len(messages))
		rest := messages
		for _, n := range insertSizes(len(messages)) {
			args := make([]any, 0, messageValues*n)
			for _, m := range rest[:n] {
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
	return byOID, err
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
