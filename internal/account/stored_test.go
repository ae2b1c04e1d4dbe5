package account_test

import (
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
)

// What Django's hashers store of "pässword". The sums are those of Python's
// hashlib and of the C library's crypt.
var djangoForms = map[string]string{
	"pbkdf2_sha256": "pbkdf2_sha256$1000$abcdefghijkl$a9t5YaF1M91U63licr0rPGtczGzBVQcZa8dhAFhSJx4=",
	"pbkdf2_sha1":   "pbkdf2_sha1$1000$abcdefghijkl$m6m7QoCulz2KolJJ9H4YgcRBW3M=",
	"scrypt":        "scrypt$16384$seasalt$8$5$JrnGfOHK3EfWeheA8C7k/CpAk6yhZK4ECH/ggIdyXmukRFitDbng1XU9o2HBUjxl96dEdZBsEdy0hvs8cCyILw==",
	"bcrypt":        "bcrypt$$2b$04$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG",
	"bcrypt_sha256": "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuu4EAkLIqFCSjdz5Hr2newQUVEvu5mihm",
}

func TestHasherDjango(t *testing.T) {
	h := account.NewFastHasher()
	for name, stored := range djangoForms {
		for password, want := range map[string]bool{"pässword": true, "password": false, "": false} {
			if got := must(h.Verify(t.Context(), stored, password))(t); got != want {
				t.Errorf("%s of %q: %v, want %v", name, password, got, want)
			}
		}
		if !h.Outdated(stored) {
			t.Errorf("%s is not outdated", name)
		}
	}
	// Of the reference implementation of Argon2, with Django's word before it.
	own := "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if !must(h.Verify(t.Context(), "argon2"+own, "password"))(t) {
		t.Error("argon2 does not match")
	}
	if fresh := must(h.Hash(t.Context(), "x"))(t); h.Outdated(fresh) || !h.Outdated(own) {
		t.Error("what is outdated is not told from what is not")
	}
}

// Forms that are damaged, or ask for too much, match nothing, and at once.
func TestHasherDjangoWrong(t *testing.T) {
	h := account.NewFastHasher()
	for _, stored := range []string{
		"!", "!Ab3dEf", "pbkdf2_sha256", "pbkdf2_sha256$", "pbkdf2_sha256$1000$salt", "pbkdf2_sha256$0$salt$a9t5YaF1M91U63licr0rPGtczGzBVQcZa8dhAFhSJx4=",
		"pbkdf2_sha256$99999999999$salt$a9t5YaF1M91U63licr0rPGtczGzBVQcZa8dhAFhSJx4=", "pbkdf2_sha256$1000$salt$YQ==",
		"pbkdf2_sha512$1000$salt$YQ==", "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
		"scrypt$16384$seasalt$8$5$", "scrypt$16385$s$8$5$YQ==", "scrypt$1073741824$s$8$5$YQ==", "scrypt$16384$s$-8$5$YQ==", "scrypt$16384$s$8$9999$YQ==", "scrypt$a$s$8$5$YQ==",
		"bcrypt$$2b$31$abcdefghijklmnopqrstuum174eFeoTj0DHmtuueFaS3Wde4P7wHG", "bcrypt$$2b$04$short", "bcrypt_sha256$",
		"argon2$argon2d$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA", "argon2$argon2id$v=19$m=8,t=65,p=1$c29tZXNhbHQ$aGFzaA",
	} {
		if must(h.Verify(t.Context(), stored, "pässword"))(t) {
			t.Errorf("%s matches", stored)
		}
	}
}

// Whoever brings a password of Django's along signs in with it, and it is stored
// as everybody else's from then on.
func TestLoginUpgrades(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, "ann@example.org")
	check(t, h.Store.SetPasswordHash(t.Context(), u.ID, djangoForms["pbkdf2_sha256"]))
	for range 2 {
		_, _, err := h.Login(t.Context(), account.Login{Email: "ann@example.org", Password: "pässword", Addr: "192.0.2.1"})
		check(t, err)
		if hash := must(h.Store.PasswordHash(t.Context(), u.ID))(t); !strings.HasPrefix(hash, "$argon2id$") {
			t.Errorf("the password is stored as %s", hash)
		}
	}
}

// Whatever is stored is told apart without a panic. It is not derived: that
// takes as long as it asks for.
func FuzzVerify(f *testing.F) {
	for _, stored := range djangoForms {
		f.Add(stored)
	}
	f.Add("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA")
	f.Fuzz(func(t *testing.T, stored string) {
		account.ParseStored(stored)
	})
}
