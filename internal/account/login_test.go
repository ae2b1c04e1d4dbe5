package account_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestLogin(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	in := account.Login{Email: " ALICE@example.com ", Password: world.Password, Addr: "192.0.2.1", Label: "curl"}

	got, key := must2(h.Login(ctx, in))(t)
	u.LastLogin = got.LastLogin
	equal(t, "user", got, u)
	equal(t, "stored", must(h.Store.UserByID(ctx, u.ID))(t), u)
	actor := must(h.AuthenticateToken(ctx, key))(t)
	equal(t, "actor", actor.User, u)
	equal(t, "via", actor.Via, account.ViaToken)
	_, again := must2(h.Login(ctx, in))(t)
	if again == key {
		t.Error("two sign-ins have one key")
	}

	session, key, err := h.OpenSession(ctx, u.ID, "a browser")
	check(t, err)
	equal(t, "expires", session.Expires.Sub(session.Created), account.SessionAge)
	actor = must(h.AuthenticateSession(ctx, key))(t)
	equal(t, "via", actor.Via, account.ViaSession)
	equal(t, "credential", actor.CredentialID, session.ID)

	check(t, h.SetActive(ctx, account.Operator(), h.join(t, "off@example.com").ID, false))
	for name, in := range map[string]account.Login{
		"wrong password": {Email: u.Email, Password: "wrong"},
		"no password":    {Email: u.Email},
		"nobody":         {Email: "nobody@example.com", Password: world.Password},
		"no e-mail":      {Password: world.Password},
		"no such e-mail": {Email: strings.Repeat("a", 1<<20), Password: world.Password},
		"inactive":       {Email: "off@example.com", Password: world.Password},
	} {
		_, _, err := h.Login(ctx, in)
		if !errs.Is(err, errs.Unauthenticated) || err.Error() != "unauthenticated" {
			t.Errorf("%s: error %v", name, err)
		}
	}
	_, _, err = h.Login(ctx, account.Login{Email: "a\x00@example.com"})
	wantKind(t, err, errs.Invalid)
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	got, session, key, err := h.SignIn(ctx, account.Login{Email: "ALICE@example.com", Password: world.Password, Label: "Firefox"})
	check(t, err)
	u.LastLogin = got.LastLogin
	equal(t, "user", got, u)
	equal(t, "label", session.Label, "Firefox")
	actor := must(h.AuthenticateSession(ctx, key))(t)
	equal(t, "actor", actor, account.Actor{User: u, Via: account.ViaSession, CredentialID: session.ID})

	// Both ways to sign in share their tries.
	wrong := account.Login{Email: u.Email, Password: "wrong", Addr: "x"}
	for range 15 {
		_, _, err = h.Login(ctx, wrong)
		wantKind(t, err, errs.Unauthenticated)
		_, _, _, err = h.SignIn(ctx, wrong)
		wantKind(t, err, errs.Unauthenticated)
	}
	_, _, _, err = h.SignIn(ctx, account.Login{Email: u.Email, Password: world.Password})
	wantKind(t, err, errs.RateLimited)
}

func TestThrottle(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.join(t, "alice@example.com")
	h.join(t, "bob@example.com")
	try := func(email, password, addr string) (errs.Kind, time.Duration) {
		t.Helper()
		_, _, err := h.Login(ctx, account.Login{Email: email, Password: password, Addr: addr})
		if err == nil {
			return 255, 0
		}
		var e *errs.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		return e.Kind, e.RetryAfter
	}
	const welcome = errs.Kind(255)
	want := func(kind errs.Kind, email, password, addr string) {
		t.Helper()
		got, wait := try(email, password, addr)
		if got != kind || wait < 0 || (wait > 0) != (kind == errs.RateLimited) {
			t.Errorf("%s from %s: %v, to wait %v, want %v", email, addr, got, wait, kind)
		}
	}

	// Thirty failures an account, wherever they come from, and then one a minute.
	for n := range 30 {
		want(errs.Unauthenticated, "ALICE@example.com", "wrong", strconv.Itoa(n))
	}
	want(errs.RateLimited, "alice@example.com", "wrong", "x")
	want(errs.RateLimited, "alice@example.com", world.Password, "x") // the right one waits, too
	_, wait := try("alice@example.com", "wrong", "x")
	if wait > time.Minute || wait < 59*time.Second {
		t.Errorf("to wait %v, want about a minute", wait)
	}
	want(welcome, "bob@example.com", world.Password, "x") // another's account

	h.pass(time.Minute)
	want(errs.Unauthenticated, "alice@example.com", "wrong", "x")
	want(errs.RateLimited, "alice@example.com", "wrong", "x")
	h.pass(time.Minute)
	want(welcome, "alice@example.com", world.Password, "x") // forgets them all
	for range 29 {
		want(errs.Unauthenticated, "alice@example.com", "wrong", "y")
	}
	want(welcome, "alice@example.com", world.Password, "y")

	// A hundred failures an address, whatever the account; success costs none.
	h.pass(time.Hour)
	for n := range 100 {
		want(errs.Unauthenticated, strconv.Itoa(n)+"@example.com", "wrong", "z")
		want(welcome, "bob@example.com", world.Password, "w")
	}
	want(errs.RateLimited, "bob@example.com", world.Password, "z")
	want(welcome, "bob@example.com", world.Password, "w")
	h.pass(6 * time.Second)
	want(welcome, "bob@example.com", world.Password, "z")
	want(welcome, "bob@example.com", world.Password, "z")
	want(errs.Unauthenticated, "101@example.com", "wrong", "z")
	want(errs.RateLimited, "102@example.com", "wrong", "z")
}

// Guessing all at once gets nobody further than guessing one by one.
func TestThrottleAtOnce(t *testing.T) {
	h := newHouse(t)
	h.join(t, "alice@example.com")
	var tried, refused atomic.Int32
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			_, _, err := h.Login(t.Context(), account.Login{Email: "alice@example.com", Password: "wrong", Addr: "x"})
			switch errs.KindOf(err) {
			case errs.Unauthenticated:
				tried.Add(1)
			case errs.RateLimited:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if tried.Load() != 30 || refused.Load() != 10 {
		t.Errorf("%d tries, %d refused, want 30 and 10", tried.Load(), refused.Load())
	}
}

// A try that came to nothing for another reason does not count.
func TestThrottleCountsGuessesAlone(t *testing.T) {
	h := newHouse(t)
	h.join(t, "alice@example.com")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		if _, _, err := h.Login(gone, account.Login{Email: "alice@example.com", Password: world.Password}); errs.Is(err, errs.RateLimited) {
			t.Fatal(err)
		}
	}
	must2(h.Login(t.Context(), account.Login{Email: "alice@example.com", Password: world.Password}))(t)
}
