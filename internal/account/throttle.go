package account

import (
	"maps"
	"sync"
	"time"
)

// Throttle slows down whoever guesses passwords: each key (an address, an
// account) may fail Burst times, and once more every Every. It is safe for
// concurrent use.
type Throttle struct {
	Address, Account Rate
	Now              func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

// Rate is how many failures are free, and how often another becomes free.
type Rate struct {
	Burst int
	Every time.Duration
}

// bucket is when its holder will have all his free failures back.
type bucket struct{ full time.Time }

// maxBuckets bounds the memory that guessing can take; at the bound, those
// that are full again are dropped, and all if that is not enough.
const maxBuckets = 100_000

// NewThrottle returns the throttle of the product: 30 failures an account and
// one more each minute, 100 an address and ten more each minute.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{
		Address: Rate{Burst: 100, Every: 6 * time.Second},
		Account: Rate{Burst: 30, Every: time.Minute},
		Now:     now,
		buckets: map[string]bucket{},
	}
}

// try counts a try from the address on the account and returns 0, or returns
// how long to wait if too many have failed. A try counts as failed until
// succeed or takeBack says otherwise, so that many at once get no further than
// one after another.
func (t *Throttle) try(addr, account string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	wait := max(t.owed(now, addrKey(addr), t.Address), t.owed(now, accountKey(account), t.Account))
	if wait > 0 {
		return wait
	}
	t.charge(now, addrKey(addr), t.Address.Every)
	t.charge(now, accountKey(account), t.Account.Every)
	return 0
}

// takeBack gives back a try that told nobody anything.
func (t *Throttle) takeBack(addr, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	t.charge(now, addrKey(addr), -t.Address.Every)
	t.charge(now, accountKey(account), -t.Account.Every)
}

// succeed gives the address its try back and forgets the failures of the
// account: its owner has come.
func (t *Throttle) succeed(addr, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.charge(t.Now(), addrKey(addr), -t.Address.Every)
	delete(t.buckets, accountKey(account))
}

func addrKey(addr string) string       { return "addr " + addr }
func accountKey(account string) string { return "account " + account }

func (t *Throttle) owed(now time.Time, key string, r Rate) time.Duration {
	b, ok := t.buckets[key]
	if !ok {
		return 0
	}
	return max(0, b.full.Sub(now)-time.Duration(r.Burst-1)*r.Every)
}

func (t *Throttle) charge(now time.Time, key string, by time.Duration) {
	if len(t.buckets) >= maxBuckets {
		t.shrink(now)
	}
	full := t.buckets[key].full
	if full.Before(now) {
		full = now
	}
	if full = full.Add(by); full.After(now) {
		t.buckets[key] = bucket{full}
	} else {
		delete(t.buckets, key)
	}
}

func (t *Throttle) shrink(now time.Time) {
	maps.DeleteFunc(t.buckets, func(_ string, b bucket) bool { return !b.full.After(now) })
	if len(t.buckets) >= maxBuckets {
		clear(t.buckets)
	}
}
