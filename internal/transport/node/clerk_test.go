package node

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// embassy is a world that trusts a Clerk, in which the boss is an admin.
func embassy(t *testing.T, engine string, edits ...func(*account.Config)) (*world.World, *clerktest.Instance) {
	t.Helper()
	var there *clerktest.Instance
	w := world.New(t, engine, append(edits, func(c *account.Config) {
		there, c.Outside = clerktest.Trusted(t, c.Now)
		c.AdminEmail = "boss@example.com"
	})...)
	there.Put("user_boss", clerktest.Person{FirstName: "Boss", Email: "boss@example.com"})
	there.Put("user_impostor", clerktest.Person{FirstName: "Impostor", Email: "boss@example.com", Unverified: true})
	there.Put("user_bob", clerktest.Person{FirstName: "Robert", LastName: "Stone", Email: "bob@example.com", Image: "https://img.clerk.com/robert"})
	there.Put("user_ann", clerktest.Person{})
	there.Put("user_eve", clerktest.Person{})
	return w, there
}

func TestClerk(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w, there := embassy(t, engine)
			now := w.Clock.Now().Unix()
			bob := func(name string, value any) string {
				return there.Token("user_bob", func(c jwt.MapClaims) { c[name] = value })
			}
			forger, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				t.Fatal(err)
			}
			vars := map[string]string{
				"since": strconv.FormatInt(now-10, 10), "after": strconv.FormatInt(now+10, 10),
				"bob.expired": bob("exp", now-60), "bob.later": bob("nbf", now+600), "bob.elsewhere": bob("iss", "https://clerk.example.com"),
				"bob.page":   bob("azp", "https://evil.example"),
				"bob.forged": clerktest.Sign(jwt.SigningMethodRS256, forger, "ins_1", there.Claims("user_bob")),
				"bob.hs256":  clerktest.Sign(jwt.SigningMethodHS256, []byte(there.PublicKey()), "ins_1", there.Claims("user_bob")),
				"nobody":     there.Token("user_bob", func(c jwt.MapClaims) { delete(c, "sub") }),
			}
			for _, name := range []string{"boss", "impostor", "bob", "ann", "eve", "unknown"} {
				vars[name] = there.Token("user_" + name)
			}
			d := mount(w)
			d.c.Identifier.ClerkBrowser = true // as the instance of the recordings wants it
			documented := documentation(t, d)
			wiretest.Run(t, wiretest.Options{
				Handler: d.Handler(), Scripts: os.DirFS("testdata/clerk"), Vars: vars,
				Observe: func(method, target string, status int, header http.Header, body []byte) {
					observe(t, method, target, status, header, body)
					if err := documented.Check(method, target, status, header.Get("Content-Type"), body); err != nil {
						t.Errorf("the documentation is wrong: %v", err)
					}
				},
			})
			for name, want := range map[string]int{"bob": 1, "ann": 1, "boss": 1, "unknown": 1} {
				if got := there.AskedFor("user_" + name); got != want {
					t.Errorf("Clerk was asked about %s %d times, want %d", name, got, want)
				}
			}
		})
	}
}

// ask sends a request with a token.
func ask(t *testing.T, d *Dialect, path, token string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, r)
	return w
}

// While Clerk's backend is away who is known is let in, and others are told to
// come again.
func TestClerkAway(t *testing.T) {
	w, there := embassy(t, "sqlite")
	d := mount(w)
	if got := ask(t, d, "/api/users", there.Token("user_bob")); got.Code != 200 {
		t.Fatalf("%d: %s", got.Code, got.Body)
	}
	there.SetAway(true)
	w.Clock.Set(w.Clock.Now().Add(30 * time.Minute))
	if got := ask(t, d, "/api/users", there.Token("user_bob")); got.Code != 200 {
		t.Errorf("who is known: %d: %s", got.Code, got.Body)
	}
	got := ask(t, d, "/api/users", there.Token("user_ann"))
	if got.Code != 503 || got.Header().Get("Retry-After") == "" {
		t.Errorf("who is not: %d, Retry-After %q: %s", got.Code, got.Header().Get("Retry-After"), got.Body)
	}
	w.Clock.Set(w.Clock.Now().Add(time.Hour))
	if got := ask(t, d, "/api/users", there.Token("user_bob")); got.Code != 401 {
		t.Errorf("without keys for an hour: %d: %s", got.Code, got.Body)
	}
}

// Whoever may not have an account is told why.
func TestClerkRefused(t *testing.T) {
	w, there := embassy(t, "sqlite", func(c *account.Config) { c.Policy.Registration = account.Closed })
	d := mount(w)
	got := ask(t, d, "/api/users", there.Token("user_bob"))
	if want := `{"message":"Accounts are made by the administrators of this server."}`; got.Code != 403 || got.Body.String() != want {
		t.Errorf("%d: %s", got.Code, got.Body)
	}
	if got := ask(t, d, "/api/albums", there.Token("user_bob")); got.Code != 200 {
		t.Errorf("in public: %d: %s", got.Code, got.Body)
	}
}
