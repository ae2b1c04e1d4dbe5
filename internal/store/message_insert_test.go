package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// However many are stored at once, the ids rise in their order, and each is
// that of its message.
func TestInsertMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b := addUser(t, s, 1).ID, addUser(t, s, 2).ID
		last, total := int64(0), 0
		for _, n := range []int{0, 1, 2, 15, 16, 17, 63, 64, 65, 150} {
			batch := make([]chat.Message, n)
			for i := range batch {
				batch[i] = message(total+i, a, b)
			}
			prev := must(s.InsertMessages(ctx, batch))(t)
			if n > 0 {
				equal(t, "the id before", prev, last)
			}
			for _, m := range batch {
				if m.ID <= last {
					t.Errorf("the id %d comes after %d", m.ID, last)
				}
				last = m.ID
				equal(t, "stored", must(s.MessageByID(ctx, m.ID))(t), m)
			}
			total += n
		}
		equal(t, "count", must(s.CountMessagesOf(ctx, b))(t), total)
	})
}

// A message to or from nobody is left out alone.
func TestInsertMessagesToNobody(t *testing.T) {
	const absent = 99
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b := addUser(t, s, 1).ID, addUser(t, s, 2).ID
		var batch []chat.Message
		for i := range 20 {
			batch = append(batch, message(i, a, b))
		}
		batch[3].ReceiverID, batch[17].SenderID = absent, absent
		must(s.InsertMessages(ctx, batch))(t)
		for i, m := range batch {
			if nobody := i == 3 || i == 17; (m.ID == 0) != nobody {
				t.Errorf("message %d has the id %d", i, m.ID)
			}
		}
		stored := slices.DeleteFunc(keys(batch, messageID), func(id int64) bool { return id == 0 })
		equalLists(t, "stored", keys(must(s.Conversation(ctx, a, b, chat.Page{}))(t), messageID), stored)

		batch = batch[3:4]
		must(s.InsertMessages(ctx, batch))(t)
		equal(t, "the id of one to nobody", batch[0].ID, 0)
	})
}

// Two messages of one ObjectId are a fault: neither is stored, nor any other of
// the batch.
func TestInsertMessagesFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a := addUser(t, s, 1).ID
		batch := []chat.Message{message(1, a, a), message(2, a, a), message(3, a, a)}
		batch[2].OID = batch[0].OID
		if _, err := s.InsertMessages(ctx, batch); err == nil {
			t.Errorf("stored as %v", keys(batch, messageID))
		}
		equal(t, "stored", must(s.CountMessagesOf(ctx, a))(t), 0)
	})
}

// BenchmarkInsertMessages stores batches between 500 people who each write to
// ten others, on top of 20,000 messages.
func BenchmarkInsertMessages(b *testing.B) {
	const people, friends, before, most = 500, 10, 20_000, 500
	for _, engine := range storetest.Engines() {
		for _, size := range []int{1, 32, 256, 1000} {
			b.Run(fmt.Sprintf("%s/%d", engine, size), func(b *testing.B) {
				ctx := context.Background()
				s := storetest.Open(b, engine)
				var users []int64
				checked := func(err error) {
					if err != nil {
						b.Fatal(err)
					}
				}
				checked(s.InTx(ctx, func(ctx context.Context) error {
					for i := range people {
						u, err := s.InsertUser(ctx, user(i), "hash")
						if err != nil {
							return err
						}
						users = append(users, u.ID)
					}
					return nil
				}))
				chance := rand.New(rand.NewPCG(1, 2))
				sent := 0
				batch := func(n int) []chat.Message {
					list := make([]chat.Message, n)
					for i := range list {
						from := chance.IntN(people)
						to := (from + 1 + chance.IntN(friends)) % people
						list[i] = message(sent, users[from], users[to])
						sent++
					}
					return list
				}
				for range before / most {
					_, err := s.InsertMessages(ctx, batch(most))
					checked(err)
				}
				b.ResetTimer()
				for range b.N {
					_, err := s.InsertMessages(ctx, batch(size))
					checked(err)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/message")
			})
		}
	}
}
