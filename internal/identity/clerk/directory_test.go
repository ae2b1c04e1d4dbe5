package clerk_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/clerk"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
)

func TestProfile(t *testing.T) {
	h := newHouse(t)
	for subject, tt := range map[string]struct {
		person clerktest.Person
		want   account.OutsideProfile
	}{
		"user_ann": {
			clerktest.Person{FirstName: "Ann", LastName: "Lee", Email: "ann@example.com", Image: "https://img.clerk.com/ann"},
			account.OutsideProfile{Email: "ann@example.com", EmailVerified: true, FullName: "Ann Lee", Image: "https://img.clerk.com/ann"},
		},
		"user_bob": {
			clerktest.Person{FirstName: "Bob", Email: "bob@example.com", Unverified: true},
			account.OutsideProfile{Email: "bob@example.com", FullName: "Bob"},
		},
		"user_eve": {clerktest.Person{}, account.OutsideProfile{}},
	} {
		h.Put(subject, tt.person)
		if got, err := h.Profile(t.Context(), subject); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", subject, got, err, tt.want)
		}
	}
	h.Put("user_bad", clerktest.Person{FirstName: "Bad", Banned: true})
	for _, subject := range []string{"user_bad", "user_nobody", "../jwks"} {
		if _, err := h.Profile(t.Context(), subject); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", subject, err)
		}
	}
}

// Requests that come at once cause one question, and so do those that follow.
func TestProfileIsAskedOnce(t *testing.T) {
	h := newHouse(t)
	h.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	ask := func() {
		if p, err := h.Profile(t.Context(), "user_ann"); err != nil || p.FullName != "Ann" {
			t.Errorf("%+v, %v", p, err)
		}
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(ask)
	}
	group.Wait()
	ask()
	if n := h.AskedFor("user_ann"); n != 1 {
		t.Errorf("the backend was asked %d times", n)
	}
	h.clock.pass(30 * time.Second)
	ask()
	if n := h.AskedFor("user_ann"); n != 2 {
		t.Errorf("later, the backend was asked %d times", n)
	}
}

func TestProfileWhileAway(t *testing.T) {
	h := newHouse(t)
	h.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	h.SetAway(true)
	for range 3 {
		if _, err := h.Profile(t.Context(), "user_ann"); !errs.Is(err, errs.Unavailable) {
			t.Errorf("error %v", err)
		}
	}
	if n := h.AskedFor("user_ann"); n != 1 {
		t.Errorf("the backend was asked %d times", n)
	}
	h.SetAway(false)
	h.clock.pass(30 * time.Second)
	if p, err := h.Profile(t.Context(), "user_ann"); err != nil || p.FullName != "Ann" {
		t.Errorf("%+v, %v", p, err)
	}
}

// A wrong secret is a fault of the configuration, not of the user.
func TestProfileWithWrongSecret(t *testing.T) {
	h := newHouse(t, func(c *clerk.Config) { c.SecretKey = "sk_test_wrong" })
	h.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	if _, err := h.Profile(t.Context(), "user_ann"); !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "401") {
		t.Errorf("error %v", err)
	}
}
