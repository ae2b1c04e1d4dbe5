package secret_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/secret"
)

func keys(t *testing.T, digit string) *secret.Keys {
	t.Helper()
	k, err := secret.Parse(strings.Repeat(digit, 64) + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSeal(t *testing.T) {
	k := keys(t, "a")
	sealed := k.Seal("totp", "user 1", []byte("secret"))
	if bytes.Contains(sealed, []byte("secret")) || bytes.Equal(sealed, k.Seal("totp", "user 1", []byte("secret"))) {
		t.Errorf("sealed: %x", sealed)
	}
	if plain, err := k.Open("totp", "user 1", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("opened: %q, %v", plain, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another key":     func() ([]byte, error) { return keys(t, "b").Open("totp", "user 1", sealed) },
		"another purpose": func() ([]byte, error) { return k.Open("mail", "user 1", sealed) },
		"another user":    func() ([]byte, error) { return k.Open("totp", "user 2", sealed) },
		"changed":         func() ([]byte, error) { return k.Open("totp", "user 1", changed) },
		"cut":             func() ([]byte, error) { return k.Open("totp", "user 1", sealed[:5]) },
		"nothing":         func() ([]byte, error) { return k.Open("totp", "user 1", nil) },
	} {
		if plain, err := open(); !errors.Is(err, secret.ErrSealed) || plain != nil {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
}

func TestSign(t *testing.T) {
	k := keys(t, "a")
	signature := k.Sign("media", []byte("song"))
	if !k.Signed("media", []byte("song"), signature) {
		t.Error("its own signature is refused")
	}
	for name, good := range map[string]bool{
		"another text":    k.Signed("media", []byte("sing"), signature),
		"another purpose": k.Signed("mail", []byte("song"), signature),
		"another key":     keys(t, "b").Signed("media", []byte("song"), signature),
		"none":            k.Signed("media", []byte("song"), nil),
	} {
		if good {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestParse(t *testing.T) {
	for _, text := range []string{"", "abc", strings.Repeat("a", 63), strings.Repeat("a", 66), strings.Repeat("x", 64)} {
		if _, err := secret.Parse(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	if _, err := secret.New(make([]byte, 16)); err == nil {
		t.Error("a short key was taken")
	}
}

// Processes that start at once agree on one key, and keep it.
func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	signatures := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range signatures {
		wg.Go(func() {
			k, err := secret.Load(path)
			if err != nil {
				t.Error(err)
				return
			}
			signatures[i] = k.Sign("x", nil)
		})
	}
	wg.Wait()
	for _, s := range signatures {
		if !bytes.Equal(s, signatures[0]) {
			t.Errorf("%x and %x", s, signatures[0])
		}
	}
	if stat, err := os.Stat(path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", stat.Mode(), err)
	}
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("nonsense: %v", err)
	}
	if _, err := secret.Load(filepath.Join(path, "no", "folder")); err == nil {
		t.Error("no folder is no error")
	}
}

// A signer signs as Sign does, whoever asks at the same time.
func TestSigner(t *testing.T) {
	keys, err := secret.New(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := keys.Signer("x")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				text := []byte{byte(i), byte(j)}
				if got := s.Append([]byte("a"), text); !keys.Signed("x", text, got[1:]) || got[0] != 'a' {
					t.Errorf("%x of %x", got, text)
				}
			}
		})
	}
	wg.Wait()
	if keys.Signed("y", nil, s.Append(nil, nil)) {
		t.Error("it is good for another purpose")
	}
}
