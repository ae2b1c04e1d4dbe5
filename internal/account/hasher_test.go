package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
)

func TestHasher(t *testing.T) {
	ctx := t.Context()
	h := account.NewFastHasher()
	one, two := must(h.Hash(ctx, "pässword"))(t), must(h.Hash(ctx, "pässword"))(t)
	if one == two {
		t.Error("two hashes of a password are the same: the salt is not fresh")
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("the stored form is %s", one)
	}
	for _, tt := range []struct {
		name, stored, password string
		want                   bool
	}{
		{"right", one, "pässword", true},
		{"right, another salt", two, "pässword", true},
		{"wrong", one, "password", false},
		{"empty", one, "", false},
		// Of the reference implementation:
		// echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 32
		{"another's", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", true},
		{"nobody's", "", "", false},
		{"not a hash", "password", "password", false},
		{"another algorithm", strings.Replace(one, "argon2id", "argon2i", 1), "pässword", false},
		{"another version", strings.Replace(one, "v=19", "v=16", 1), "pässword", false},
		{"no numbers", "$argon2id$v=19$m=a,t=1,p=1$c29tZXNhbHQ$aGFzaA", "pässword", false},
		{"no salt in base64", "$argon2id$v=19$m=8,t=1,p=1$!$aGFzaA", "pässword", false},
		{"no sum in base64", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$!", "pässword", false},
		{"no sum", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$", "pässword", false},
		{"no lanes", "$argon2id$v=19$m=8,t=1,p=0$c29tZXNhbHQ$aGFzaA", "pässword", false},
		{"no passes", "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$aGFzaA", "pässword", false},
		{"more memory than there is", "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$aGFzaA", "pässword", false},
	} {
		if got := must(h.Verify(ctx, tt.stored, tt.password))(t); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Whoever waits for his turn and goes away gets the reason.
func TestHasherCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := account.NewHasher(0) // nobody's turn comes
	if _, err := h.Hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("hash: error %v", err)
	}
	if _, err := h.Verify(ctx, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("verify: error %v", err)
	}
}
