package account_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// boss is the address whose owner is an admin.
const boss = "Boss@example.com"

// house is a world with accounts that know the boss.
type house struct {
	*world.World
	*account.Service
}

func newHouse(t *testing.T, edits ...func(*account.Config)) house {
	t.Helper()
	w := world.New(t, "sqlite")
	return house{w, newService(t, w, edits...)}
}

// newService returns accounts over the world's store, as another process would
// have them.
func newService(t *testing.T, w *world.World, edits ...func(*account.Config)) *account.Service {
	t.Helper()
	c := account.Config{
		Keys: world.Keys(), Store: w.Store, Files: w.Files, Audit: w.Audit, IDs: oid.NewSource(w.Clock.Now), Now: w.Clock.Now, Log: w.Log,
		Mailer: w.Mails, News: true, AdminEmail: boss, Hasher: account.NewFastHasher(), Throttle: account.NewThrottle(w.Clock.Now),
	}
	for _, edit := range edits {
		edit(&c)
	}
	return account.NewService(c)
}

// join registers somebody with the password of all.
func (h house) join(t *testing.T, email string) account.User {
	t.Helper()
	return must(h.Register(t.Context(), account.NewUser{Email: email, FullName: "Somebody", Password: world.Password}))(t)
}

// enter returns the actor that a fresh token of the user makes.
func (h house) enter(t *testing.T, u account.User) (account.Actor, string) {
	t.Helper()
	key := must(h.IssueToken(t.Context(), u.ID, "test"))(t)
	return must(h.AuthenticateToken(t.Context(), key))(t), key
}

// wantLog checks the latest entry of the log about an object: "who changed what:
// field from > to, …", or "" for none.
func (h house) wantLog(t *testing.T, model string, id int64, want string) {
	t.Helper()
	got := ""
	for _, e := range must(h.Audit.Of(t.Context(), model, strconv.FormatInt(id, 10), 1))(t) {
		var changes []string
		for _, c := range e.Changes {
			changes = append(changes, c.Field+" "+c.From+" > "+c.To)
		}
		got = e.Actor + " " + string(e.Action) + " " + e.Object + ": " + strings.Join(changes, ", ")
	}
	equal(t, "latest entry", got, want)
}

// pass moves the clock on.
func (h house) pass(d time.Duration) { h.Clock.Set(h.Clock.Now().Add(d)) }

// must returns v, and ends the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return v
	}
}

// must2 is must for two values.
func must2[A, B any](a A, b B, err error) func(t *testing.T) (A, B) {
	return func(t *testing.T) (A, B) {
		t.Helper()
		check(t, err)
		return a, b
	}
}

// second returns the error that comes with a value nobody needs.
func second[T any](_ T, err error) error { return err }

func check(t *testing.T, err error) {
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

// faults words the fields of an error: "email taken, password too_short".
func faults(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return ""
	}
	var words []string
	for _, f := range e.Fields {
		words = append(words, f.Name+" "+string(f.Code))
	}
	return strings.Join(words, ", ")
}

// wantFaults checks the kind of an error and its fields.
func wantFaults(t *testing.T, err error, kind errs.Kind, want string) {
	t.Helper()
	if !errs.Is(err, kind) || faults(err) != want {
		t.Errorf("error %v, want %v: %s", err, kind, want)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}

func ptr[T any](v T) *T { return &v }
