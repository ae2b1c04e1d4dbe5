package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
)

// Hasher hashes passwords with Argon2id in the PHC string format
// (https://github.com/P-H-C/phc-string-format): 19 MiB of memory, two passes
// and one lane, the OWASP recommendation. At most Parallel hashes run at once;
// the others wait, which bounds the memory that sign-ins can take.
type Hasher struct {
	memory uint32 // KiB
	passes uint32
	slots  *semaphore.Weighted
}

const (
	saltBytes = 16
	hashBytes = 32
	lanes     = 1
)

// NewHasher returns a hasher that works on at most parallel passwords at once.
func NewHasher(parallel int) *Hasher {
	return &Hasher{memory: 19 * 1024, passes: 2, slots: semaphore.NewWeighted(int64(parallel))}
}

// NewFastHasher returns a hasher that costs next to nothing, for tests.
func NewFastHasher() *Hasher {
	return &Hasher{memory: 8, passes: 1, slots: semaphore.NewWeighted(64)}
}

// Hash returns the stored form of a password with a fresh salt.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer h.slots.Release(1)
	sum := argon2.IDKey([]byte(password), salt, h.passes, h.memory, lanes, hashBytes)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.memory, h.passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// Verify reports whether the password has this stored form. A form that it
// cannot read matches no password.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	p, ok := parseHash(stored)
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer h.slots.Release(1)
	if !ok {
		// An account without a password costs its guesser the same time.
		argon2.IDKey([]byte(password), make([]byte, saltBytes), h.passes, h.memory, lanes, hashBytes)
		return false, nil
	}
	sum := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.sum)))
	return subtle.ConstantTimeCompare(sum, p.sum) == 1, nil
}

type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, sum      []byte
}

func parseHash(stored string) (phc, bool) {
	parts := strings.Split(stored, "$") // "", argon2id, v=, m=,t=,p=, salt, sum
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, false
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return phc{}, false
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return phc{}, false
	}
	if p.sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(p.sum) == 0 {
		return phc{}, false
	}
	// Bounds keep a damaged row from asking for the whole memory.
	return p, p.lanes > 0 && p.passes > 0 && p.passes <= 64 && p.memory <= 1<<20
}
