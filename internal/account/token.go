package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Token is a key that one sign-in got; the key itself is known to its holder
// alone.
type Token struct {
	ID       int64
	UserID   int64
	Label    string // what signed in, as it called itself: at most 200 characters
	Created  time.Time
	LastUsed time.Time // to the minute; zero if never
	Current  bool      // in a list of the actor's own: he came by it
}

// Session is a browser that signed in; its key is known to the browser alone.
type Session struct {
	ID      int64
	UserID  int64
	Label   string
	Created time.Time
	Expires time.Time
	Current bool // in a list of the actor's own: he came by it
}

// SessionAge is how long a session lasts from when it was opened.
const SessionAge = 14 * 24 * time.Hour

const (
	tokenBytes   = 20 // 40 hexadecimal digits, as Django REST framework's
	sessionChars = 32 // as Django's
	maxLabel     = 200
	alphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
)

// IssueToken makes a key for the user and returns it: 40 hexadecimal digits
// that are stored nowhere in the clear.
func (s *Service) IssueToken(ctx context.Context, userID int64, label string) (key string, err error) {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:])
	key = hex.EncodeToString(b[:])
	t := Token{UserID: userID, Label: labelOf(label), Created: s.now()}
	if _, err := s.store.InsertToken(ctx, t, HashKey(key)); err != nil {
		return "", err
	}
	return key, nil
}

// OpenSession makes a session for the user and returns it with its key: 32
// lower-case letters and digits.
func (s *Service) OpenSession(ctx context.Context, userID int64, label string) (Session, string, error) {
	key := RandomKey(sessionChars)
	now := s.now()
	sess, err := s.store.InsertSession(ctx, Session{
		UserID: userID, Label: labelOf(label), Created: now, Expires: now.Add(SessionAge),
	}, HashKey(key))
	return sess, key, err
}

// Logout ends the token or session by which the actor came. An anonymous
// actor is logged out already.
func (s *Service) Logout(ctx context.Context, actor Actor) error {
	var err error
	switch actor.Via {
	case ViaToken:
		err = s.store.DeleteToken(ctx, actor.User.ID, actor.CredentialID)
	case ViaSession:
		err = s.store.DeleteSession(ctx, actor.User.ID, actor.CredentialID)
	default:
		return nil
	}
	s.changed()
	if errs.Is(err, errs.NotFound) { // ended by another request meanwhile
		return nil
	}
	return err
}

// RandomKey returns n random lower-case letters and digits.
func RandomKey(n int) string { return randomString(n, alphanumeric) }

// randomString draws n characters of the alphabet without bias, for alphabets
// of at most 64 characters.
func randomString(n int, alphabet string) string {
	out := make([]byte, 0, n)
	var buf [64]byte
	for len(out) < n {
		_, _ = rand.Read(buf[:])
		for _, b := range buf {
			if i := int(b & 63); i < len(alphabet) && len(out) < n {
				out = append(out, alphabet[i])
			}
		}
	}
	return string(out)
}

// HashKey returns the stored form of a key. The keys are random and long, so
// that a plain hash is enough.
func HashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	return string(text[:])
}

// labelOf makes a label, or a preference, of what a client says of itself, which may be anything
// that fits into a header.
func labelOf(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	if r := []rune(text); len(r) > maxLabel {
		return string(r[:maxLabel])
	}
	return text
}
