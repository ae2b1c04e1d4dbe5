package account_test

import (
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// A throttle that is told of all that another one charges agrees with it.
func TestThrottlesShareCharges(t *testing.T) {
	type charge struct {
		key string
		by  time.Duration
	}
	var charges []charge
	w := world.New(t, "sqlite")
	node := func() (*account.Service, *account.Throttle) {
		throttle := account.NewThrottle(w.Clock.Now)
		return account.NewService(account.Config{
			Keys: world.Keys(), Store: w.Store, Files: w.Files, Audit: w.Audit, IDs: oid.NewSource(w.Clock.Now), Now: w.Clock.Now, Log: w.Log,
			Hasher: account.NewFastHasher(), Throttle: throttle,
		}), throttle
	}
	a, throttle := node()
	b, other := node()
	throttle.Shared = func(key string, by time.Duration) { charges = append(charges, charge{key, by}) }
	tell := func() {
		t.Helper()
		for _, c := range charges {
			if len(c.key) != 16 {
				t.Errorf("the key %q is no hash", c.key)
			}
			other.Charge(c.key, c.by)
		}
		charges = nil
	}
	house{w, a}.join(t, "alice@example.com")
	try := func(s *account.Service, password string) error {
		_, _, err := s.Login(t.Context(), account.Login{Email: "alice@example.com", Password: password, Addr: "10.0.0.1"})
		return err
	}

	for !errs.Is(try(a, "wrong"), errs.RateLimited) {
		wantKind(t, try(b, "wrong"), errs.Unauthenticated) // it knows only its own, one less at a time
		if len(charges) > 200 {
			t.Fatal("guessing is not slowed down")
		}
	}
	tell()
	wantKind(t, try(b, "wrong"), errs.RateLimited)

	w.Clock.Set(w.Clock.Now().Add(time.Minute))
	if err := try(a, world.Password); err != nil { // forgives what was before
		t.Fatal(err)
	}
	tell()
	for range 3 {
		wantKind(t, try(b, "wrong"), errs.Unauthenticated)
	}
}
