package kit

import (
	"crypto/sha1" // not for secrecy: Express names answers by it
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Answer bodies that were encoded once and hold for as long as the catalogue's
// revision does.

// Encoded is a body with its entity tag, and both headers as net/http keeps
// them, so that an answer allocates neither.
type Encoded struct {
	Body   []byte
	ETag   string
	Tag    []string // the value of ETag
	Length []string // the value of Content-Length
}

// NewEncoded returns a body with its tag.
func NewEncoded(body []byte) *Encoded {
	tag := WeakETag(body)
	return &Encoded{Body: body, ETag: tag, Tag: []string{tag}, Length: []string{strconv.Itoa(len(body))}}
}

// WeakETag returns the weak entity tag that Express gives a body: its length
// in hexadecimal and 27 characters of the base64 of its SHA-1
// (https://github.com/jshttp/etag).
func WeakETag(body []byte) string {
	sum := sha1.Sum(body)
	return fmt.Sprintf(`W/"%x-%s"`, len(body), base64.StdEncoding.EncodeToString(sum[:])[:27])
}

// Fresh reports whether the client has the answer already, by If-None-Match
// (RFC 9110, 13.1.2, weak comparison) and unless it insists with
// Cache-Control: no-cache.
func Fresh(r *http.Request, etag string) bool {
	match := first(r.Header, "If-None-Match")
	if match == "" || strings.Contains(r.Header.Get("Cache-Control"), "no-cache") {
		return false
	}
	if strings.TrimSpace(match) == "*" {
		return true
	}
	opaque := strings.TrimPrefix(etag, "W/")
	for _, tag := range strings.Split(match, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == opaque {
			return true
		}
	}
	return false
}

// Answers remembers encoded bodies of one revision. It is safe for concurrent
// use.
type Answers struct {
	Revision func() uint64

	mu       sync.RWMutex
	revision uint64
	byKey    map[string]*Encoded
	size     int
}

// What Answers may hold, in bytes with the keys, which clients have a say in:
// what is over maxAnswer is not kept, and at maxAnswers it starts afresh.
const (
	maxAnswer  = 1 << 20
	maxAnswers = 32 << 20
	perAnswer  = 256 // what an entry takes besides
)

// Get returns the body under the key, which names everything that the answer
// depends on besides the revision, and has build make it if there is none of
// the present revision.
func (a *Answers) Get(key string, build func() ([]byte, error)) (*Encoded, error) {
	now := a.Revision() // before build reads, so that a later change is never missed
	a.mu.RLock()
	e := a.byKey[key]
	current := a.revision == now
	a.mu.RUnlock()
	if current && e != nil {
		return e, nil
	}
	body, err := build()
	if err != nil {
		return nil, err
	}
	e = NewEncoded(body)
	if size := len(key) + len(body) + perAnswer; size <= maxAnswer {
		a.put(now, key, e, size)
	}
	return e, nil
}

func (a *Answers) put(revision uint64, key string, e *Encoded, size int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byKey == nil || revision > a.revision || a.size+size > maxAnswers {
		a.byKey, a.revision, a.size = map[string]*Encoded{}, revision, 0
	}
	if revision == a.revision {
		a.byKey[key] = e
		a.size += size
	}
}
