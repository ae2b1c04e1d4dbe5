// Package secret seals what must not be readable in a copy of the database, and
// signs what the server hands out and wants back unchanged.
//
// All of it hangs on one master key, from which each purpose derives a key of
// its own, so that nothing made for one purpose is good for another.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// KeySize is the length of a master key, in bytes.
const KeySize = 32

// Keys are a master key and what is derived from it. They are safe for
// concurrent use.
type Keys struct{ master []byte }

// New returns the keys of a master key of KeySize bytes.
func New(master []byte) (*Keys, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("the secret key has %d bytes, not %d", len(master), KeySize)
	}
	return &Keys{master}, nil
}

// Parse returns the keys of a master key in hexadecimal.
func Parse(text string) (*Keys, error) {
	master, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(master) != KeySize {
		return nil, fmt.Errorf("the secret key is %d hexadecimal digits, such as openssl rand -hex %d prints", 2*KeySize, KeySize)
	}
	return New(master)
}

// Load returns the keys of a file that holds a master key in hexadecimal. It
// makes the file, with a random key, if there is none.
func Load(path string) (*Keys, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret key: %w", err)
	}
	k, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// create makes the file of a random key. Of several processes that do so at
// once one wins, and the others read what it wrote: the file appears whole.
func create(path string) (*Keys, error) {
	master := make([]byte, KeySize)
	_, _ = rand.Read(master) // never fails: it ends the program instead
	temp := path + "." + rand.Text()
	if err := os.WriteFile(temp, []byte(hex.EncodeToString(master)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("the secret key: %w", err)
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("the secret key: %w", err)
	}
	return Load(path)
}

// derive returns the key of a purpose: HKDF, RFC 5869, with SHA-256.
func (k *Keys) derive(purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, k.master, "antiphon "+purpose, KeySize)
	if err != nil {
		panic(err) // only a length that is too great is an error
	}
	return key
}

func (k *Keys) gcm(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(k.derive("seal " + purpose))
	if err != nil {
		panic(err) // only a wrong length is an error
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// Seal encrypts a text for a purpose: AES-256-GCM, the nonce first. about is
// what the text belongs to, such as a user's id: it opens for nothing else.
func (k *Keys) Seal(purpose, about string, plain []byte) []byte {
	return k.gcm(purpose).Seal(nil, nil, plain, []byte(about))
}

// ErrSealed is returned for what was not sealed by these keys, for the purpose
// and about the same, or was changed since.
var ErrSealed = errors.New("secret: it cannot be opened with this key")

// Open decrypts what Seal has made. Errors: ErrSealed.
func (k *Keys) Open(purpose, about string, sealed []byte) ([]byte, error) {
	plain, err := k.gcm(purpose).Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Sign returns the HMAC-SHA256 of a text for a purpose, 32 bytes.
func (k *Keys) Sign(purpose string, text []byte) []byte {
	mac := hmac.New(sha256.New, k.derive("sign "+purpose))
	mac.Write(text)
	return mac.Sum(nil)
}

// Signed reports whether a signature is that of the text, in constant time.
func (k *Keys) Signed(purpose string, text, signature []byte) bool {
	return hmac.Equal(k.Sign(purpose, text), signature)
}

// Signer signs many texts for one purpose, and allocates nothing. It is safe for
// concurrent use.
type Signer struct{ pool sync.Pool } // of *signing

// signing is what one signature takes. The texts are copied here, so that those
// of the caller can stay on his stack.
type signing struct {
	mac       hash.Hash
	text, sum []byte
}

// Signer returns one whose signatures are those of Sign.
func (k *Keys) Signer(purpose string) *Signer {
	key := k.derive("sign " + purpose)
	return &Signer{sync.Pool{New: func() any { return &signing{mac: hmac.New(sha256.New, key)} }}}
}

// Append appends the signature of a text, 32 bytes.
func (s *Signer) Append(dst, text []byte) []byte {
	w := s.pool.Get().(*signing)
	defer s.pool.Put(w)
	w.text = append(w.text[:0], text...)
	w.mac.Reset()
	w.mac.Write(w.text)
	w.sum = w.mac.Sum(w.sum[:0])
	return append(dst, w.sum...)
}
