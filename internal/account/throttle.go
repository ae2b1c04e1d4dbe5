package account

import (
	"crypto/sha256"
	"maps"
	"math"
	"sync"
	"time"
)

// Throttle slows down whoever guesses passwords, or has mails sent: each key (an address, an
// account) may fail Burst times, and once more every Every. It is safe for
// concurrent use.
type Throttle struct {
	Address, Account Rate
	// Asker and Receiver are for mails that an address asks for, and that go to
	// one: whether anybody has it or not.
	Asker, Receiver Rate
	Now             func() time.Time
	// Shared is told of everything that is charged here, for the throttles of
	// other nodes: see Charge. The key is a hash. It must be quick; nil is for
	// a node that is alone.
	Shared func(key string, by time.Duration)

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
// one more each minute, 100 an address and ten more each minute; 20 mails an
// hour for an address that asks, and 5 to one that is asked for.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{
		Address:  Rate{Burst: 100, Every: 6 * time.Second},
		Account:  Rate{Burst: 30, Every: time.Minute},
		Asker:    Rate{Burst: 20, Every: 3 * time.Minute},
		Receiver: Rate{Burst: 5, Every: 12 * time.Minute},
		Now:      now,
		buckets:  map[string]bucket{},
	}
}

// try counts a try from the address on the account and returns 0, or returns
// how long to wait if too many have failed. A try counts as failed until
// succeed or takeBack says otherwise, so that many at once get no further than
// one after another.
func (t *Throttle) try(addr, account string) time.Duration {
	return t.take(addrKey(addr), t.Address, accountKey(account), t.Account)
}

// tryMail is try for a mail that an address asks for, to an e-mail address.
// Nobody gives such a try back.
func (t *Throttle) tryMail(addr, email string) time.Duration {
	return t.take(throttleKey("asker "+addr), t.Asker, throttleKey("receiver "+email), t.Receiver)
}

// take charges both keys, or neither, and then returns how long to wait.
func (t *Throttle) take(a string, rateA Rate, b string, rateB Rate) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	if wait := max(t.owed(now, a, rateA), t.owed(now, b, rateB)); wait > 0 {
		return wait
	}
	t.share(now, a, rateA.Every)
	t.share(now, b, rateB.Every)
	return 0
}

// takeBack gives back a try that told nobody anything.
func (t *Throttle) takeBack(addr, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	t.share(now, addrKey(addr), -t.Address.Every)
	t.share(now, accountKey(account), -t.Account.Every)
}

// succeed gives the address its try back and forgets the failures of the
// account: its owner has come.
func (t *Throttle) succeed(addr, account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.Now()
	t.share(now, addrKey(addr), -t.Address.Every)
	t.share(now, accountKey(account), math.MinInt64)
}

// Charge applies what another node has charged: so much more time until the
// key's holder has all his failures back, or less if by is negative.
func (t *Throttle) Charge(key string, by time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.charge(t.Now(), key, by)
}

func addrKey(addr string) string       { return throttleKey("addr " + addr) }
func accountKey(account string) string { return throttleKey("account " + account) }

// throttleKey is a hash, so that no addresses go from node to node.
func throttleKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(sum[:16])
}

// share charges here and everywhere else.
func (t *Throttle) share(now time.Time, key string, by time.Duration) {
	t.charge(now, key, by)
	if t.Shared != nil {
		t.Shared(key, by)
	}
}

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
