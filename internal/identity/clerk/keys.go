package clerk

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// How long fetched keys are good for.
const (
	freshFor    = 10 * time.Minute // after which they are fetched again, to learn of those withdrawn
	lastingFor  = time.Hour        // in which the last known ones serve while none can be fetched
	refetchedIn = time.Minute      // the least time between two fetches, whatever tokens name
	maxKeySet   = 1 << 20          // bytes
	minKeyBits  = 2048
)

// errUnknownKey is what a token fails with that names a key the instance has not.
var errUnknownKey = errors.New("the token names no key of the instance")

// onlyKey is a key that the operator gave, whatever a token calls it.
type onlyKey struct{ *rsa.PublicKey }

func (k onlyKey) key(context.Context, string) (*rsa.PublicKey, error) { return k.PublicKey, nil }

// keys are those of a JSON Web Key Set (RFC 7517) at a URL, by their ids. They
// are fetched when they are needed: at first, when they are old, and when a
// token names an unknown one, for then Clerk has changed its keys; but never
// more than once a minute, so that forged tokens cause no traffic.
type keys struct {
	url    string
	secret string // for the Authorization header; "" for none
	http   *http.Client
	now    func() time.Time
	log    *slog.Logger

	fetching sync.Mutex // one at a time

	mu      sync.RWMutex
	byID    map[string]*rsa.PublicKey
	fetched time.Time // when byID came
	tried   time.Time // when it was last asked for
}

func newKeys(c Config, url, secret string) *keys {
	return &keys{url: url, secret: secret, http: c.HTTP, now: c.Now, log: c.Log}
}

// key returns the one of an id, fetching the set if need be.
func (k *keys) key(ctx context.Context, id string) (*rsa.PublicKey, error) {
	if key, fresh := k.known(id); fresh {
		return key, nil
	}
	k.fetching.Lock()
	defer k.fetching.Unlock()
	if key, fresh := k.known(id); fresh { // another has fetched it meanwhile
		return key, nil
	}
	if k.due() {
		if err := k.fetch(ctx); err != nil {
			k.log.WarnContext(ctx, "Clerk's keys were not fetched", "url", k.url, "error", err)
		}
	}
	key, _ := k.known(id)
	if key == nil {
		return nil, errUnknownKey
	}
	return key, nil
}

// known returns a key that was fetched within the hour, nil for none, and
// whether it may be used without asking again.
func (k *keys) known(id string) (key *rsa.PublicKey, fresh bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	age := k.now().Sub(k.fetched)
	if age >= lastingFor {
		return nil, false
	}
	key = k.byID[id]
	return key, key != nil && age < freshFor
}

// due reports whether the set may be asked for again.
func (k *keys) due() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.tried.IsZero() || k.now().Sub(k.tried) >= refetchedIn
}

// fetch asks for the set, and keeps the one there is if none comes.
func (k *keys) fetch(ctx context.Context) error {
	k.mu.Lock()
	k.tried = k.now()
	k.mu.Unlock()
	// What this request waits for serves the others too: it does not end with it.
	r, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodGet, k.url, nil)
	if err != nil {
		return err
	}
	if k.secret != "" {
		r.Header.Set("Authorization", "Bearer "+k.secret)
	}
	body, err := read(k.http, r, maxKeySet)
	if err != nil {
		return err
	}
	byID, err := parseKeys(body)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byID, k.fetched = byID, k.now()
	return nil
}

// parseKeys reads the RSA keys of a set that are for signatures. Keys of other
// kinds are left out: no session token is signed with them.
func parseKeys(text []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, fmt.Errorf("the key set: %w", err)
	}
	byID := map[string]*rsa.PublicKey{}
	for _, one := range set.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(one) != nil || k.KeyID == "" || k.Use != "" && k.Use != "sig" {
			continue
		}
		if key, ok := k.Key.(*rsa.PublicKey); ok && key.N.BitLen() >= minKeyBits {
			byID[k.KeyID] = key
		}
	}
	if len(byID) == 0 {
		return nil, errors.New("the key set has no key for signatures")
	}
	return byID, nil
}

// statusError is an answer that is not 200.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("the answer has the status %d", int(s)) }

// read sends a request and returns the body of a good answer, of at most limit
// bytes.
func read(client *http.Client, r *http.Request, limit int64) ([]byte, error) {
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, statusError(answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("the answer has more than %d bytes", limit)
	}
	return body, err
}
