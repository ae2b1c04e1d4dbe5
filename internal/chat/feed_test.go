package chat_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// A node is a chat service among others on one database, and what it has told.
type node struct {
	*chat.Service
	told []chat.Message

	mu     sync.Mutex
	stored []chat.Batch // by itself
}

func newNode(t *testing.T, r room, store chat.Store, now func() time.Time) *node {
	t.Helper()
	n := &node{Service: chat.NewService(chat.Config{Store: store, Audit: r.Audit, IDs: oid.NewSource(now), Now: now, Log: r.Log})}
	n.Sent.Subscribe(func(m chat.Message) { n.told = append(n.told, m) })
	n.Stored.Subscribe(func(b chat.Batch) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.stored = append(n.stored, b)
	})
	check(t, n.CatchUp(t.Context()))
	t.Cleanup(n.Close)
	return n
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever gets lost between nodes, comes late, or comes twice, each tells of
// every message once, in one order, which is also that of the times, however
// their clocks differ.
func TestFeed(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) { testFeed(t, newRoom(t, engine), engine == "postgres") })
	}
}

// testFeed is TestFeed on one engine. Only on PostgreSQL there are nodes, with
// clocks of their own; on SQLite the history has another order than the ids.
func testFeed(t *testing.T, r room, clocks bool) {
	const nodes, posts = 3, 40
	var all [nodes]*node
	for i := range all {
		var skew time.Duration
		if clocks {
			skew = time.Duration(i) * 2 * time.Second
		}
		all[i] = newNode(t, r, r.Store, func() time.Time { return r.Clock.Now().Add(skew) })
	}
	var working sync.WaitGroup
	for i, n := range all {
		random := rand.New(rand.NewPCG(uint64(i), 7))
		var heard [nodes]int
		working.Go(func() {
			for range posts {
				if _, err := n.Send(t.Context(), r.alice, r.bob.User.ID, "hello"); err != nil {
					t.Error(err)
				}
				for j, other := range all {
					other.mu.Lock()
					batches := slices.Clone(other.stored[heard[j]:])
					other.mu.Unlock()
					for _, b := range batches {
						switch {
						case j == i:
						case random.IntN(4) == 0: // lost
						case random.IntN(4) == 0: // twice
							check(t, n.Hear(t.Context(), b))
							check(t, n.Hear(t.Context(), b))
						case random.IntN(4) == 0: // late, and before those that came earlier
							defer func() { check(t, n.Hear(t.Context(), b)) }()
						default:
							check(t, n.Hear(t.Context(), b))
						}
					}
					heard[j] += len(batches)
				}
			}
		})
	}
	working.Wait()
	stored := must(r.Store.Conversation(t.Context(), r.alice.User.ID, r.bob.User.ID, chat.Page{}))(t)
	if len(stored) != nodes*posts {
		t.Fatalf("%d stored", len(stored))
	}
	if !clocks {
		slices.SortFunc(stored, func(a, b chat.Message) int { return cmp.Compare(a.ID, b.ID) })
	}
	for i, n := range all {
		check(t, n.CatchUp(t.Context()))
		n.Close()
		if !slices.Equal(n.told, stored) {
			t.Errorf("node %d has told of %d, in one order: %v", i, len(n.told), slices.IsSortedFunc(n.told, func(a, b chat.Message) int {
				return int(a.ID - b.ID)
			}))
		}
	}
}

// hiddenStore does not find what others have stored while it is shut.
type hiddenStore struct {
	chat.Store
	shut  atomic.Bool
	asked chan struct{} // holds one: it was asked while it was shut
}

func (s *hiddenStore) MessagesAfter(ctx context.Context, id int64, limit int) ([]chat.Message, error) {
	if s.shut.Load() {
		select {
		case s.asked <- struct{}{}:
		default:
		}
		return nil, errors.New("away")
	}
	return s.Store.MessagesAfter(ctx, id, limit)
}

// As long as what came before cannot be read, nobody is told of what came after.
func TestFeedWaits(t *testing.T) {
	r := newRoom(t, "sqlite")
	store := &hiddenStore{Store: r.Store, asked: make(chan struct{}, 1)}
	here, there := newNode(t, r, store, r.Clock.Now), newNode(t, r, r.Store, r.Clock.Now)
	store.shut.Store(true)
	must(there.Send(t.Context(), r.alice, r.bob.User.ID, "before"))(t)
	sent := make(chan error)
	go func() {
		_, err := here.Send(t.Context(), r.alice, r.bob.User.ID, "after")
		sent <- err
	}()
	<-store.asked
	if err := here.CatchUp(t.Context()); err == nil {
		t.Error("it has caught up")
	}
	select {
	case err := <-sent:
		t.Errorf("it was acknowledged and nobody told: %v", err)
	default:
	}
	store.shut.Store(false)
	check(t, <-sent)
	here.Close()
	if got := contents(here.told); got != "before after" {
		t.Errorf("told of %q", got)
	}
}

// Messages that were deleted before a node heard of them are nobody's concern.
func TestFeedOfDeleted(t *testing.T) {
	r := newRoom(t, "sqlite")
	here, there := newNode(t, r, r.Store, r.Clock.Now), newNode(t, r, r.Store, r.Clock.Now)
	m := must(there.Send(t.Context(), r.alice, r.bob.User.ID, "gone"))(t)
	must(there.Send(t.Context(), r.alice, r.bob.User.ID, "stays"))(t)
	check(t, there.Delete(t.Context(), r.alice, m.ID))
	check(t, here.CatchUp(t.Context()))
	if len(here.told) != 1 || here.told[0].Content != "stays" {
		t.Errorf("%+v", here.told)
	}
}

// Messages that somebody brings in from former days are history, not news.
func TestFeedOfFormerDays(t *testing.T) {
	r := newRoom(t, "sqlite")
	yesterday := func() time.Time { return r.Clock.Now().Add(-24 * time.Hour) }
	here, there, loader := newNode(t, r, r.Store, r.Clock.Now), newNode(t, r, r.Store, r.Clock.Now), newNode(t, r, r.Store, yesterday)
	for range 3 {
		must(loader.Send(t.Context(), r.alice, r.bob.User.ID, "long ago"))(t)
	}
	must(there.Send(t.Context(), r.alice, r.bob.User.ID, "today"))(t)
	check(t, here.CatchUp(t.Context()))
	must(here.Send(t.Context(), r.alice, r.bob.User.ID, "now"))(t)
	here.Close()
	if got := contents(here.told); got != "today now" {
		t.Errorf("told of %q", got)
	}
}
