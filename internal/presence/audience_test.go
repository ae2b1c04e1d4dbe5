package presence_test

import (
	"context"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// salon is a room over a real store, where 1 has exchanged messages with 2, and
// with nobody else.
type salon struct {
	*room
	*world.World
	asked func() // called whenever the store was asked for acquaintances
}

// AcquaintancesOf is the world's store's.
func (s *salon) AcquaintancesOf(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	known, err := s.Store.AcquaintancesOf(ctx, ids)
	s.asked()
	return known, err
}

func newSalon(t *testing.T) *salon {
	t.Helper()
	w := world.New(t, "sqlite")
	s := &salon{World: w, asked: func() {}}
	s.room = newRoom(t, presence.Config{Accounts: w.Accounts, Store: s, Now: w.Clock.Now})
	for i, email := range []string{"1@example.com", "2@example.com", "3@example.com"} {
		if u, _ := w.AddUser(t, email, email, false); u.ID != int64(i+1) {
			t.Fatalf("user %d", u.ID)
		}
	}
	s.write(one, two)
	return s
}

// write sends a message, of which nobody tells the service.
func (s *salon) write(from, to account.User) {
	s.t.Helper()
	must(s.Chat.Send(s.t.Context(), actor(from), to.ID, "Hello"))(s.t)
}

func (s *salon) showTo(u account.User, a account.Audience) {
	s.t.Helper()
	check(s.t, s.SetAudience(s.t.Context(), actor(u), a))
	if stored := must(s.Store.UserByID(s.t.Context(), u.ID))(s.t); stored.Audience != a {
		s.t.Errorf("stored %v, want %v", stored.Audience, a)
	}
}

// as is a user with another audience.
func as(u account.User, a account.Audience) account.User {
	u.Audience = a
	return u
}

func TestAudience(t *testing.T) {
	for _, tt := range []struct {
		audience account.Audience
		viewers  string // of what 1 does
		seen     [3]string
	}{
		{account.Everyone, "", [3]string{"x", "x", "x"}},
		{account.Acquaintances, " for [1 2]", [3]string{"x", "x", "Idle"}},
		{account.Nobody, " for [1]", [3]string{"x", "Idle", "Idle"}},
	} {
		s := newSalon(t)
		s.join(as(one, tt.audience), three, two)
		s.do(one, "x")
		s.wants("1 arrived", "3 arrived", "2 arrived", "1 does x"+tt.viewers)
		for i, viewer := range []account.User{one, two, three} {
			s.sees(viewer, "1 "+tt.seen[i]+", 3 Idle, 2 Idle")
			check(t, s.Join(t.Context(), []account.User{viewer}, func(v presence.View) {
				if more := tt.audience != account.Everyone && tt.seen[i] == "x"; v.SeesMore(viewer.ID) != more {
					t.Errorf("%d sees more: %v", viewer.ID, !more)
				}
				public := map[bool]string{true: "1 x, 3 Idle, 2 Idle", false: "1 Idle, 3 Idle, 2 Idle"}[tt.audience == account.Everyone]
				if got := listed(v.Public()); got != public {
					t.Errorf("everybody sees %q, want %q", got, public)
				}
			}))
		}
		// When a hidden activity began is hidden too.
		own := must(s.Online(t.Context(), actor(one)))(t)[0]
		others := must(s.Online(t.Context(), actor(three)))(t)[0]
		if hidden := tt.audience != account.Everyone; others.Since.Before(own.Since) != hidden {
			t.Errorf("since %v, for others %v", own.Since, others.Since)
		}
	}
}

func TestSetAudience(t *testing.T) {
	const everyone, acquaintances, nobody = account.Everyone, account.Acquaintances, account.Nobody
	for _, tt := range []struct {
		from, to account.Audience
		want     []string
	}{
		{everyone, acquaintances, []string{"1 does Idle for [3]"}},
		{everyone, nobody, []string{"1 does Idle for [2 3]"}},
		{acquaintances, everyone, []string{"1 does x for [3]"}},
		{acquaintances, nobody, []string{"1 does Idle for [2]"}},
		{nobody, everyone, []string{"1 does x for [2 3]"}},
		{nobody, acquaintances, []string{"1 does x for [2]"}},
		{nobody, nobody, nil},
		{acquaintances, acquaintances, nil},
	} {
		s := newSalon(t)
		s.join(as(one, tt.from), two, three)
		s.do(one, "x")
		s.said = nil
		s.showTo(one, tt.to)
		s.wants(tt.want...)
		s.do(one, "") // nobody who is told of nothing is told of less
		s.said = nil
		s.showTo(one, tt.from)
		s.wants()
	}
}

func TestSetAudienceErrors(t *testing.T) {
	s := newSalon(t)
	s.join(one, two)
	s.do(one, "x")
	s.said = nil
	wantKind(t, s.SetAudience(t.Context(), actor(one), account.Nobody+1), errs.Invalid)
	wantKind(t, s.SetAudience(t.Context(), actor(user(99)), account.Acquaintances), errs.NotFound)
	for _, a := range []account.Audience{account.Acquaintances, account.Nobody} {
		if err := s.SetAudience(canceled(), actor(one), a); err == nil {
			t.Error("no error without a store")
		}
	}
	s.wants()
	s.sees(two, "1 x, 2 Idle")
	// Of somebody who is not online the setting is stored, and that is all.
	s.showTo(three, account.Acquaintances)
	s.wants()
}

func TestJoinError(t *testing.T) {
	s := newSalon(t)
	welcomed := func(presence.View) { t.Error("welcomed") }
	if err := s.Join(canceled(), []account.User{two, as(one, account.Acquaintances)}, welcomed); err == nil {
		t.Error("no error without a store")
	}
	if _, err := s.Announce(canceled(), actor(as(one, account.Acquaintances)), "x"); err == nil {
		t.Error("no error without a store")
	}
	s.wants()
	s.join(as(one, account.Acquaintances), two)
	s.do(one, "x")
	s.wants("1 arrived", "2 arrived", "1 does x for [1 2]")
}

func TestAcquaint(t *testing.T) {
	s := newSalon(t)
	s.join(as(one, account.Acquaintances), two, as(three, account.Acquaintances))
	s.do(one, "x")
	s.said = nil
	s.Acquaint(2, 1) // is known
	s.Acquaint(1, 1)
	s.Acquaint(1, 99) // is not online
	s.wants()
	s.Acquaint(3, 1)
	s.wants("1 does x for [3]")
	s.Acquaint(1, 3)
	s.do(three, "y")
	s.wants("3 does y for [1 3]")

	// It outlasts a change of mind, because it is stored as well.
	s.write(three, one)
	s.showTo(one, account.Nobody)
	s.Acquaint(1, 2)
	s.showTo(one, account.Acquaintances)
	s.wants("1 does Idle for [2 3]", "1 does x for [2 3]")
	s.showTo(one, account.Everyone)
	s.Acquaint(1, 4)
	s.wants()
}

// Whoever is met after the store was asked, and before its answer counts, is an
// acquaintance.
func TestAcquaintMeanwhile(t *testing.T) {
	s := newSalon(t)
	s.asked = func() { s.Acquaint(3, 1) }
	s.join(as(one, account.Acquaintances), two, three)
	s.asked = func() { t.Error("the store was asked again") }
	s.join(as(one, account.Acquaintances))
	s.do(one, "x")
	s.wants("1 arrived", "2 arrived", "3 arrived", "1 does x for [1 2 3]")
}
