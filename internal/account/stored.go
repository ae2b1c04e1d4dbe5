package account

import (
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // of hashes that another system made
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"
)

// A storedForm is a password as it is stored: our own argon2id, or what Django's
// hashers make (django/contrib/auth/hashers.py), which users bring along when
// their library moves in.
type storedForm interface {
	matches(password string) bool
}

// Bounds keep a damaged row, or a foreign one, from asking for the whole machine.
const (
	maxMemory     = 1 << 20 // KiB, of argon2
	maxPasses     = 64
	maxIterations = 10_000_000 // of PBKDF2: some seconds
	maxScrypt     = 1 << 30    // bytes of memory
	maxRounds     = 16         // of bcrypt, as a power of two
)

// parseStored reads a stored form. The algorithm is what stands before the first
// "$"; our own begins with it, as the PHC string format does.
func parseStored(stored string) (storedForm, bool) {
	algorithm, rest, found := strings.Cut(stored, "$")
	if !found {
		return nil, false
	}
	switch algorithm {
	case "":
		return parseArgon2(rest)
	case "argon2":
		return parseArgon2(rest)
	case "pbkdf2_sha256":
		return parsePBKDF2(rest, sha256.New)
	case "pbkdf2_sha1":
		return parsePBKDF2(rest, sha1.New)
	case "scrypt":
		return parseScrypt(rest)
	case "bcrypt", "bcrypt_sha256":
		return parseBcrypt(rest, algorithm == "bcrypt_sha256")
	}
	return nil, false
}

type argon2Form struct {
	derive         func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte
	memory, passes uint32 // memory in KiB
	lanes          uint8
	salt, sum      []byte
}

// parseArgon2 reads "argon2id$v=19$m=19456,t=2,p=1$salt$sum", the two in base64.
func parseArgon2(text string) (storedForm, bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 5 || parts[1] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, false
	}
	f := argon2Form{derive: argon2.IDKey}
	switch parts[0] {
	case "argon2id":
	case "argon2i":
		f.derive = argon2.Key
	default:
		return nil, false
	}
	if _, err := fmt.Sscanf(parts[2], "m=%d,t=%d,p=%d", &f.memory, &f.passes, &f.lanes); err != nil {
		return nil, false
	}
	var err error
	if f.salt, err = base64.RawStdEncoding.DecodeString(parts[3]); err != nil {
		return nil, false
	}
	if f.sum, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(f.sum) == 0 {
		return nil, false
	}
	return f, f.lanes > 0 && f.passes > 0 && f.passes <= maxPasses && f.memory <= maxMemory
}

func (f argon2Form) matches(password string) bool {
	return same(f.derive([]byte(password), f.salt, f.passes, f.memory, f.lanes, uint32(len(f.sum))), f.sum)
}

type pbkdf2Form struct {
	hash       func() hash.Hash
	iterations int
	salt       string
	sum        []byte
}

// parsePBKDF2 reads "iterations$salt$sum": the salt is text, the sum in base64.
func parsePBKDF2(text string, of func() hash.Hash) (storedForm, bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 3 {
		return nil, false
	}
	iterations, err := strconv.Atoi(parts[0])
	if err != nil || iterations < 1 || iterations > maxIterations {
		return nil, false
	}
	sum, err := base64.StdEncoding.DecodeString(parts[2])
	return pbkdf2Form{of, iterations, parts[1], sum}, err == nil && len(sum) == of().Size()
}

func (f pbkdf2Form) matches(password string) bool {
	sum, err := pbkdf2.Key(f.hash, password, []byte(f.salt), f.iterations, len(f.sum))
	return err == nil && same(sum, f.sum)
}

type scryptForm struct {
	n, r, p int
	salt    string
	sum     []byte
}

// parseScrypt reads "N$salt$r$p$sum": the salt is text, the sum in base64.
func parseScrypt(text string) (storedForm, bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 5 {
		return nil, false
	}
	f := scryptForm{salt: parts[1]}
	for at, n := range map[int]*int{0: &f.n, 2: &f.r, 3: &f.p} {
		var err error
		if *n, err = strconv.Atoi(parts[at]); err != nil || *n < 1 || *n > maxScrypt {
			return nil, false
		}
	}
	var err error
	if f.sum, err = base64.StdEncoding.DecodeString(parts[4]); err != nil || len(f.sum) == 0 {
		return nil, false
	}
	memory := int64(f.n) * int64(f.r) * 128
	return f, f.r <= 1024 && f.p <= maxPasses && memory <= maxScrypt
}

func (f scryptForm) matches(password string) bool {
	sum, err := scrypt.Key([]byte(password), []byte(f.salt), f.n, f.r, f.p, len(f.sum))
	return err == nil && same(sum, f.sum)
}

type bcryptForm struct {
	stored []byte
	hashed bool // the password is hashed before, so that all of a long one counts
}

// parseBcrypt reads "$2b$12$…", which is bcrypt's own form.
func parseBcrypt(text string, hashed bool) (storedForm, bool) {
	cost, err := bcrypt.Cost([]byte(text))
	return bcryptForm{[]byte(text), hashed}, err == nil && cost <= maxRounds
}

func (f bcryptForm) matches(password string) bool {
	text := []byte(password)
	if f.hashed {
		sum := sha256.Sum256(text)
		text = []byte(hex.EncodeToString(sum[:]))
	}
	return bcrypt.CompareHashAndPassword(f.stored, text) == nil
}

func same(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
