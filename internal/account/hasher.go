package account

import (
	"context"
	"crypto/rand"
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
	return h.prefix() + b64.EncodeToString(salt) + "$" + b64.EncodeToString(sum), nil
}

// Verify reports whether the password has this stored form, of Hash or of one of
// Django's hashers. A form that it cannot read matches no password.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	form, ok := parseStored(stored)
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer h.slots.Release(1)
	if !ok {
		// An account without a password costs its guesser the same time.
		argon2.IDKey([]byte(password), make([]byte, saltBytes), h.passes, h.memory, lanes, hashBytes)
		return false, nil
	}
	return form.matches(password), nil
}

// Outdated reports whether a stored form is not the one that Hash makes today.
func (h *Hasher) Outdated(stored string) bool { return !strings.HasPrefix(stored, h.prefix()) }

// prefix is how the forms that Hash makes begin.
func (h *Hasher) prefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, h.memory, h.passes, lanes)
}
