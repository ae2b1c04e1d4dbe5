package account_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Many ask at once, and each is told of his own.
func TestLookupsTogether(t *testing.T) {
	h := newHouse(t)
	type holder struct {
		user           int64
		token, session string
	}
	holders := make([]holder, 100)
	for i := range holders {
		u := h.join(t, fmt.Sprintf("user%d@example.com", i))
		_, session := must2(h.OpenSession(t.Context(), u.ID, "test"))(t)
		holders[i] = holder{u.ID, must(h.IssueToken(t.Context(), u.ID, "test"))(t), session}
	}
	h.Forget()
	var wg sync.WaitGroup
	for range 3 {
		for _, who := range holders {
			wg.Go(func() {
				if a, err := h.AuthenticateToken(t.Context(), who.token); err != nil || a.User.ID != who.user {
					t.Errorf("the token of %d is that of %d: %v", who.user, a.User.ID, err)
				}
				if a, err := h.AuthenticateSession(t.Context(), who.session); err != nil || a.User.ID != who.user {
					t.Errorf("the session of %d is that of %d: %v", who.user, a.User.ID, err)
				}
				if _, err := h.AuthenticateToken(t.Context(), who.session); !errs.Is(err, errs.Unauthenticated) {
					t.Errorf("a session is a token: %v", err)
				}
			})
		}
	}
	wg.Wait()
}

// slowStore has no answer to who holds a token until it is told to.
type slowStore struct {
	account.Store
	asked chan []string
	tell  chan error
}

func (s slowStore) TokensByHash(_ context.Context, hashes []string) ([]account.Held[account.Token], error) {
	s.asked <- hashes
	return nil, <-s.tell
}

// Those who come while somebody is looked up are looked up together; who leaves
// holds up nobody; and a database that is away is no wrong key.
func TestLookupsWait(t *testing.T) {
	slow := slowStore{asked: make(chan []string), tell: make(chan error)}
	h := newHouse(t, func(c *account.Config) {
		slow.Store = c.Store
		c.Store = slow
	})
	answers := make(chan error, 10)
	ask := func(ctx context.Context, key string) {
		go func() {
			_, err := h.AuthenticateToken(ctx, key)
			answers <- err
		}()
	}
	impatient, leave := context.WithCancel(t.Context())
	ask(impatient, "first")
	equal(t, "asked at first", len(<-slow.asked), 1)
	leave()
	if err := <-answers; !errors.Is(err, context.Canceled) {
		t.Errorf("who left was told %v", err)
	}
	const others = 4
	for i := range others {
		ask(t.Context(), fmt.Sprint(i))
	}
	asked := 0
	slow.tell <- nil
	for asked < others {
		n := len(<-slow.asked)
		asked += n
		slow.tell <- errs.New(errs.Unavailable, "away")
		for range n {
			wantKind(t, <-answers, errs.Unavailable)
		}
	}
	ask(t.Context(), "last")
	<-slow.asked
	slow.tell <- nil
	wantKind(t, <-answers, errs.Unauthenticated)
}
