package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// outboxRoom is what waits at most, as the package has it.
const outboxRoom = 10_000

// told is what done was told of one message.
type told struct {
	m   chat.Message
	err error
}

// slowStore is a store that says when it is asked to insert, and then waits
// for leave.
type slowStore struct {
	chat.Store
	asked chan int // how many messages
	leave chan struct{}
}

func (s *slowStore) InsertMessages(ctx context.Context, messages []chat.Message) (int64, error) {
	s.asked <- len(messages)
	<-s.leave
	return s.Store.InsertMessages(ctx, messages)
}

// slow replaces a room's service by one over a slow store.
func slow(r *room) *slowStore {
	s := &slowStore{r.Store, make(chan int, outboxRoom), make(chan struct{})}
	r.Service = chat.NewService(chat.Config{Store: s, Audit: r.Audit, IDs: oid.NewSource(r.Clock.Now), Now: r.Clock.Now, Log: r.Log})
	return s
}

func (r room) post(t *testing.T, content string, done func(told)) {
	r.Post(t.Context(), r.alice, r.bob.User.ID, content, func(m chat.Message, err error) { done(told{m, err}) })
}

// Whoever posts what, all is told in the order stored, which is the order of
// the ids and of the times, and each sender's in the order of his posting.
func TestOutboxOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		const senders, each = 20, 60
		var sent, done []chat.Message
		r.Sent.Subscribe(func(m chat.Message) { sent = append(sent, m) })
		var all sync.WaitGroup
		for i := range senders {
			all.Go(func() {
				for n := range each {
					r.post(t, fmt.Sprint(i, " ", n), func(a told) {
						if a.err != nil {
							t.Error(a.err)
						}
						if len(sent) == 0 || sent[len(sent)-1] != a.m {
							t.Errorf("%q is done before it was told", a.m.Content)
						}
						done = append(done, a.m)
					})
				}
			})
		}
		all.Wait()
		r.Close()
		stored := must(r.Store.Conversation(t.Context(), r.alice.User.ID, r.bob.User.ID, chat.Page{}))(t)
		if len(stored) != senders*each || !slices.Equal(stored, sent) || !slices.Equal(stored, done) {
			t.Fatalf("%d stored, %d told, %d done, or not in one order", len(stored), len(sent), len(done))
		}
		next := map[int]int{}
		for i, m := range stored {
			var sender, n int
			if _, err := fmt.Sscan(m.Content, &sender, &n); err != nil || n != next[sender] {
				t.Errorf("%q comes where the sender's message %d should (%v)", m.Content, next[sender], err)
			}
			next[sender]++
			if i > 0 && (m.ID <= stored[i-1].ID || m.OID <= stored[i-1].OID || !m.Created.After(stored[i-1].Created)) {
				t.Errorf("%+v comes after %+v", m, stored[i-1])
			}
		}
	})
}

// What comes in while one is stored is stored together, and one to nobody
// fails alone.
func TestOutboxBatch(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		store := slow(&r)
		var got []told
		note := func(a told) { got = append(got, a) }
		r.post(t, "first", note)
		equal(t, "first batch", <-store.asked, 1)
		r.post(t, "second", note)
		r.Post(t.Context(), r.alice, 99, "to nobody", func(m chat.Message, err error) { note(told{m, err}) })
		r.post(t, "fourth", note)
		close(store.leave)
		r.Close()
		equal(t, "second batch", <-store.asked, 3)
		equal(t, "done", len(got), 4)
		wantField(t, got[2].err, "receiver", errs.Unknown)
		equal(t, "stored", contents(must(r.Conversation(t.Context(), r.alice, r.bob.User.ID, chat.Page{}))(t)), "first second fourth")
	})
}

// A batch that cannot be stored fails as a whole, and the next is another try.
func TestOutboxFails(t *testing.T) {
	r := newRoom(t, "sqlite")
	broken := errors.New("the disk is full")
	r.Service = chat.NewService(chat.Config{Store: brokenStore{r.Store, broken}, Audit: r.Audit, IDs: oid.NewSource(r.Clock.Now), Now: r.Clock.Now, Log: r.Log})
	r.Sent.Subscribe(func(m chat.Message) { t.Errorf("%q was told", m.Content) })
	for range 2 {
		if _, err := r.Send(t.Context(), r.alice, r.bob.User.ID, "x"); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

type brokenStore struct {
	chat.Store
	err error
}

func (s brokenStore) InsertMessages(context.Context, []chat.Message) (int64, error) {
	return 0, s.err
}

// Whoever does not wait for his message has it stored all the same.
func TestSendGivenUp(t *testing.T) {
	r := newRoom(t, "sqlite")
	store := slow(&r)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := r.Send(ctx, r.alice, r.bob.User.ID, "given up")
		failed <- err
	}()
	<-store.asked
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(store.leave)
	r.Close()
	equal(t, "stored", contents(must(r.Conversation(t.Context(), r.alice, r.bob.User.ID, chat.Page{}))(t)), "given up")
}

// A full outbox holds up who posts, until he gives up or there is room; but not
// who posts because he was told of another.
func TestOutboxFull(t *testing.T) {
	r := newRoom(t, "sqlite")
	store := slow(&r)
	var order []string
	note := func(a told) {
		if a.err != nil {
			t.Error(a.err)
		}
		order = append(order, a.m.Content)
	}
	r.post(t, "first", func(a told) {
		note(a)
		r.post(t, "answer", note)
	})
	<-store.asked
	for range outboxRoom {
		r.post(t, "x", note)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r.Post(gone, r.alice, r.bob.User.ID, "too many", func(_ chat.Message, err error) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	held := make(chan struct{})
	go func() {
		r.post(t, "held up", note)
		close(held)
	}()
	close(store.leave)
	<-held
	r.Close()
	equal(t, "done", len(order), outboxRoom+3)
	equal(t, "the first", order[0], "first")
	for _, want := range []string{"answer", "held up"} {
		if n := slices.Index(order, want); n <= outboxRoom {
			t.Errorf("%q was done as number %d", want, n)
		}
	}
}

// Close waits for what was taken, and nothing is taken after.
func TestClose(t *testing.T) {
	r := newRoom(t, "sqlite")
	store := slow(&r)
	done := false
	r.post(t, "taken", func(a told) {
		if a.err != nil {
			t.Error(a.err)
		}
		r.post(t, "too late", func(a told) { wantKind(t, a.err, errs.Unavailable) })
		done = true
	})
	<-store.asked
	closed := make(chan struct{})
	go func() {
		r.Close()
		close(closed)
	}()
	for {
		// Close has begun once nothing is taken any more.
		refused := make(chan bool, 1)
		r.post(t, "?", func(a told) { refused <- errs.Is(a.err, errs.Unavailable) })
		select {
		case yes := <-refused:
			if !yes {
				t.Error("taken and refused")
			}
		default:
			continue
		}
		break
	}
	select {
	case <-closed:
		t.Error("closed while a message is on its way")
	default:
	}
	close(store.leave)
	<-closed
	equal(t, "done", done, true)
	r.Close() // once more does nothing
	_, err := r.Send(t.Context(), r.alice, r.bob.User.ID, "after")
	wantKind(t, err, errs.Unavailable)
}

// Times rise even if the clock stands still or goes back a little; a clock that
// was far wrong is followed.
func TestTimesRise(t *testing.T) {
	r := newRoom(t, "sqlite")
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var now time.Time
	r.Service = chat.NewService(chat.Config{Store: r.Store, Audit: r.Audit, IDs: oid.NewSource(r.Clock.Now), Now: func() time.Time { return now }, Log: r.Log})
	for _, step := range []struct{ clock, want time.Duration }{
		{0, 0},
		{0, time.Microsecond},
		{-time.Second, 2 * time.Microsecond},
		{time.Second, time.Second},
		{-time.Hour, -time.Hour},
		{-time.Hour, -time.Hour + time.Microsecond},
	} {
		now = noon.Add(step.clock)
		equal(t, "created", r.send(t, r.alice, r.bob, "x").Created, noon.Add(step.want))
	}
}

// What is wrong at once is told at once.
func TestPostRefused(t *testing.T) {
	r := newRoom(t, "sqlite")
	for _, tt := range []struct {
		actor   account.Actor
		content string
		kind    errs.Kind
	}{{account.Actor{}, "x", errs.Unauthenticated}, {r.alice, "", errs.Invalid}} {
		calls := 0
		r.Post(t.Context(), tt.actor, r.bob.User.ID, tt.content, func(_ chat.Message, err error) {
			calls++
			wantKind(t, err, tt.kind)
		})
		equal(t, "calls", calls, 1)
	}
}
