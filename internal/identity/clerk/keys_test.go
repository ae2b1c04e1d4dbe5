package clerk_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
)

func (h house) wantFetches(t *testing.T, when string, want int) {
	t.Helper()
	if got := h.Asked(clerktest.KeysPath); got != want {
		t.Errorf("%s: the keys were fetched %d times, want %d", when, got, want)
	}
}

// However many tokens come, the keys are fetched now and then.
func TestKeysAreRemembered(t *testing.T) {
	h := newHouse(t)
	h.wantFetches(t, "before anybody comes", 0)
	var group sync.WaitGroup
	token := h.Token("user_ann")
	for range 20 {
		group.Go(func() { h.accepts(t, "at once", token) })
	}
	group.Wait()
	h.wantFetches(t, "after twenty at once", 1)
	h.clock.pass(9 * time.Minute)
	h.accepts(t, "later", h.Token("user_ann"))
	h.wantFetches(t, "after nine minutes", 1)
	h.clock.pass(time.Minute)
	h.accepts(t, "when they are old", h.Token("user_ann"))
	h.wantFetches(t, "after ten minutes", 2)
}

func TestKeysAreRotated(t *testing.T) {
	h := newHouse(t)
	old := h.Token("user_ann")
	h.accepts(t, "by the first key", old)
	h.Rotate()
	rotated := h.Token("user_ann")
	// Tokens may name what they like: nobody is asked twice within a minute.
	h.refuses(t, "by the second key within a minute", rotated, "names no key")
	h.wantFetches(t, "within a minute", 1)
	h.clock.pass(time.Minute)
	h.accepts(t, "by the second key", h.Token("user_ann"))
	h.wantFetches(t, "after a minute", 2)
	h.refuses(t, "by a key that was withdrawn", old, "names no key")
	h.wantFetches(t, "at last", 2)
}

// While Clerk is away the last known keys serve, for an hour.
func TestKeysWhileAway(t *testing.T) {
	h := newHouse(t)
	h.SetAway(true)
	h.refuses(t, "without a key", h.Token("user_ann"), "names no key")
	h.refuses(t, "without a key", h.Token("user_ann"), "names no key")
	h.wantFetches(t, "within a minute", 1)
	h.SetAway(false)
	h.clock.pass(time.Minute)
	h.accepts(t, "when it is back", h.Token("user_ann"))

	h.SetAway(true)
	h.clock.pass(59 * time.Minute)
	h.accepts(t, "after 59 minutes", h.Token("user_ann"))
	h.clock.pass(time.Minute)
	h.refuses(t, "after an hour", h.Token("user_ann"), "names no key")
	h.SetAway(false)
	h.clock.pass(time.Minute)
	h.accepts(t, "when it is back again", h.Token("user_ann"))
}

// What comes in place of a key set changes nothing.
func TestStrangeKeySets(t *testing.T) {
	now := newClock()
	i := clerktest.New(now.Now)
	body := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body == "" {
			i.ServeHTTP(w, r)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	c := i.Start(t)
	c.JWKSURL = server.URL + clerktest.KeysPath
	h := house{i, mustNew(t, c), now}
	h.accepts(t, "at first", h.Token("user_ann"))
	const weak = `{"keys":[{"kty":"RSA","kid":"ins_1","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1Wl","e":"AQAB"}]}`
	for _, body = range []string{
		"<html>", "{}", `{"keys":[]}`, `{"keys":5}`, `{"keys":[5,{},{"kty":"oct","kid":"ins_1","k":"AAAA"}]}`, weak,
		`{"keys":[` + string(make([]byte, 2<<20)) + `]}`,
	} {
		h.clock.pass(5 * time.Minute)
		h.accepts(t, "with a strange set", h.Token("user_ann"))
	}
}
