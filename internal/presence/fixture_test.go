package presence_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// room is a service whose changes are written down, each in a few words.
type room struct {
	*presence.Service
	t    *testing.T
	said []string
}

func newRoom(t *testing.T, c presence.Config) *room {
	if c.Now == nil {
		c.Now = time.Now
	}
	r := &room{Service: presence.NewService(c), t: t}
	r.Changes.Subscribe(func(c presence.Change) { r.said = append(r.said, words(c)) })
	return r
}

// inRoom runs a test with a clock that jumps ahead when everybody waits. Nobody
// in it shows his activity to acquaintances: that needs a database.
func inRoom(t *testing.T, test func(t *testing.T, r *room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newRoom(t, presence.Config{})) })
}

// words are "1 arrived", "1 left", "1 does Idle", "1 does Idle for [2 3]".
func words(c presence.Change) string {
	text := map[presence.Kind]string{
		presence.Arrived: "arrived", presence.Left: "left", presence.ActivityChanged: "does " + c.Activity,
	}[c.Kind]
	if c.Viewers != nil {
		text += fmt.Sprintf(" for %v", c.Viewers)
	}
	return fmt.Sprintf("%d %s", c.UserID, text)
}

// wants checks what was published since the last time.
func (r *room) wants(words ...string) {
	r.t.Helper()
	if !slices.Equal(r.said, words) {
		r.t.Errorf("published %q, want %q", r.said, words)
	}
	r.said = nil
}

// sees checks what a user sees of the others.
func (r *room) sees(viewer account.User, want string) {
	r.t.Helper()
	list := must(r.Online(r.t.Context(), actor(viewer)))(r.t)
	if got := listed(slices.Values(list)); got != want {
		r.t.Errorf("%d sees %q, want %q", viewer.ID, got, want)
	}
}

func (r *room) join(users ...account.User) {
	r.t.Helper()
	check(r.t, r.Join(r.t.Context(), users, func(presence.View) {}))
}

func (r *room) do(u account.User, text string) {
	r.t.Helper()
	check(r.t, r.SetActivity(r.t.Context(), actor(u), text))
}

func (r *room) announce(u account.User, text string) presence.Entry {
	r.t.Helper()
	return must(r.Announce(r.t.Context(), actor(u), text))(r.t)
}

// pass lets so many seconds go by.
func pass(seconds float64) {
	time.Sleep(time.Duration(seconds * float64(time.Second)))
	synctest.Wait()
}

// listed are entries in words: "1 Idle, 2 Reading".
func listed(entries func(func(presence.Entry) bool)) (text string) {
	for e := range entries {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%d %s", e.UserID, e.Activity)
	}
	return text
}

func user(id int64) account.User {
	return account.User{ID: id, ExternalID: fmt.Sprintf("user_%d", id), Active: true}
}

func actor(u account.User) account.Actor { return account.Actor{User: u, Via: account.ViaToken} }

// must returns v, and ends the test on an error.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("error %v, want one of kind %v", err, want)
	}
}

// canceled is a context in which no query succeeds.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
