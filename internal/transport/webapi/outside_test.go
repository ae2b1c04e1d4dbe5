package webapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/identity/oidc/oidctest"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/webapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// abroad is a server with two providers of OpenID Connect, who are one there.
type abroad struct {
	*server
	there *oidctest.Provider
}

func newAbroad(t *testing.T, policy account.Policy) abroad {
	t.Helper()
	w := world.New(t, "sqlite", func(c *account.Config) { c.Policy = policy })
	there := oidctest.Start(t, w.Clock.Now)
	there.Claims = map[string]any{"sub": "ann", "name": "Ann", "email": "ann@example.com", "email_verified": true}
	var providers []*oidc.Provider
	for _, name := range []string{"company", "club"} {
		providers = append(providers, oidc.New(oidc.Config{
			Name: name, Label: "The " + name, Issuer: there.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Now: w.Clock.Now,
		}))
	}
	return abroad{mount(t, w, providers...), there}
}

// jar is the cookies of a browser.
type jar map[string]string

func (j jar) header() map[string]string {
	var parts []string
	for name, value := range j {
		parts = append(parts, name+"="+value)
	}
	return map[string]string{"Cookie": strings.Join(parts, "; ")}
}

// browse has a browser ask for a path of the API, and keeps the cookies.
func (s abroad) browse(t *testing.T, j jar, q request) answer {
	t.Helper()
	q.header = j.header()
	a := s.do(q)
	for _, c := range a.Result().Cookies() {
		if c.MaxAge <= 0 {
			delete(j, c.Name)
		} else {
			j[c.Name] = c.Value
		}
	}
	return a
}

const journey = "antiphon_sign_in"

// travel sends the browser to the provider and returns the path, with its query,
// that it comes back to.
func (s abroad) travel(t *testing.T, to string) string {
	t.Helper()
	if !strings.HasPrefix(to, s.there.URL+"/authorize?") {
		t.Fatalf("the browser is sent to %s", to)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	back, ok := strings.CutPrefix(answer.Header.Get("Location"), "http://example.com"+webapi.Prefix)
	if !ok {
		t.Fatalf("the provider sends it to %s", answer.Header.Get("Location"))
	}
	return back
}

func (s abroad) start(t *testing.T, j jar, back string) string {
	t.Helper()
	a := s.browse(t, j, request{method: "GET", path: "oidc/company/start?return=" + url.QueryEscape(back)}).is(302, nil)
	return s.travel(t, a.Header().Get("Location"))
}

// arrive checks where the browser ends.
func (s abroad) arrive(t *testing.T, j jar, path, want string) answer {
	t.Helper()
	a := s.browse(t, j, request{method: "GET", path: path}).is(302, nil)
	if got := a.Header().Get("Location"); got != want {
		t.Errorf("the browser ends at %s, want %s", got, want)
	}
	if a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", a.Header())
	}
	return a
}

// me returns who the browser is signed in as, nil for nobody.
func (s abroad) me(t *testing.T, j jar) *me {
	t.Helper()
	var who struct{ Me *me }
	s.do(request{method: "GET", path: "session", header: j.header()}).is(200, &who)
	return who.Me
}

func TestSignInElsewhere(t *testing.T) {
	s := newAbroad(t, account.Policy{})
	j := jar{}
	a := s.browse(t, j, request{method: "GET", path: "oidc/company/start?return=/albums/5%3Fplay=1"}).is(302, nil)
	cookies := a.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies %v", cookies)
	}
	if c := cookies[0]; c.Name != journey || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 600 || c.Path != "/" {
		t.Errorf("%+v", c)
	}
	back := s.travel(t, a.Header().Get("Location"))
	before := jar{journey: j[journey]}
	s.arrive(t, j, back, "/albums/5?play=1")
	if _, kept := j[journey]; kept || j[kit.SessionCookie] == "" {
		t.Errorf("cookies %v", j)
	}
	who := s.me(t, j)
	if who == nil || who.Name != "Ann" || who.Email != "ann@example.com" || !who.Verified || who.Role != "member" {
		t.Errorf("%+v", who)
	}
	var proofs struct{ Password bool }
	s.do(request{method: "GET", path: "account/factors", header: j.header()}).is(200, &proofs)
	if proofs.Password {
		t.Error("he has a password, and never chose one")
	}

	// All of it again, as somebody who has watched it would.
	s.arrive(t, before, back, "/sign-in?next=%2Falbums%2F5%3Fplay%3D1&error=failed")
	if s.me(t, before) != nil {
		t.Error("he is signed in")
	}
	again := jar{}
	s.arrive(t, again, s.start(t, again, "/"), "/")
	if got := s.me(t, again); got == nil || got.ID != who.ID {
		t.Errorf("%+v", got)
	}
}

func TestSignInElsewhereFails(t *testing.T) {
	s := newAbroad(t, account.Policy{})
	foreign := jar{}
	other := s.start(t, foreign, "/")
	for _, tt := range []struct {
		name, want string
		spoil      func(j jar, back string) string
	}{
		{"without the cookie", "expired", func(j jar, back string) string { delete(j, journey); return back }},
		{"with nonsense for it", "expired", func(j jar, back string) string { j[journey] = "nonsense!"; return back }},
		{"with a changed one", "expired", func(j jar, back string) string { j[journey] = "AAAA" + j[journey]; return back }},
		{"of another provider", "expired", func(_ jar, back string) string { return strings.Replace(back, "company", "club", 1) }},
		{"of another browser", "failed", func(_ jar, _ string) string { return other }},
		{"without a query", "failed", func(_ jar, _ string) string { return "oidc/company/callback" }},
		{"too late", "expired", func(_ jar, back string) string { s.Clock.Set(s.Clock.Now().Add(10 * time.Minute)); return back }},
		{"while it is away", "unavailable", func(_ jar, back string) string { s.there.Away = true; return back }},
	} {
		j := jar{}
		back := tt.spoil(j, s.start(t, j, "/albums"))
		want := "/sign-in?error=" + tt.want
		if tt.want != "expired" { // then nobody knows any more where he wanted to go
			want = "/sign-in?next=%2Falbums&error=" + tt.want
		}
		s.arrive(t, j, back, want)
		if s.me(t, j) != nil {
			t.Errorf("%s: he is signed in", tt.name)
		}
		s.there.Away = false
	}
	s.there.Decline = true
	j := jar{}
	s.arrive(t, j, s.start(t, j, "/"), "/sign-in?error=declined")

	s.get("oidc/nothing/start", "").fails(404, "not_found", "")
	s.get("oidc/nothing/callback", "").fails(404, "not_found", "")
	s.do(request{method: "POST", path: "oidc/company/start", body: "{}"}).fails(405, "invalid", "")
}

// A provider that is away from the start is told of on the page.
func TestSignInElsewhereAway(t *testing.T) {
	s := newAbroad(t, account.Policy{})
	s.there.Away = true
	s.arrive(t, jar{}, "oidc/company/start", "/sign-in?error=unavailable")
	s.there.Away = false
	s.Clock.Set(s.Clock.Now().Add(time.Minute))
	j := jar{}
	s.arrive(t, j, s.start(t, j, ""), "/")
}

// Whoever makes a link has no say in which site it ends at.
func TestReturnPaths(t *testing.T) {
	s := newAbroad(t, account.Policy{})
	for back, want := range map[string]string{
		"/":                             "/",
		"/songs?q=a#b":                  "/songs?q=a#b",
		"":                              "/",
		"songs":                         "/",
		"//evil.example":                "/",
		"///evil.example":               "/",
		"/\\evil.example":               "/",
		"\\\\evil.example":              "/",
		"https://evil.example":          "/",
		"https:evil.example":            "/",
		"javascript:alert(1)":           "/",
		"/\t/evil.example":              "/",
		"/\n//evil.example":             "/",
		" //evil.example":               "/",
		"/%zz":                          "/",
		"/" + strings.Repeat("a", 1000): "/",
	} {
		j := jar{}
		s.arrive(t, j, s.start(t, j, back), want)
	}
}

func TestSignInElsewhereRefused(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		policy     account.Policy
		prepare    func(*server)
	}{
		{"closed", account.ReasonClosed, account.Policy{Registration: account.Closed}, nil},
		{"by invitation", account.ReasonUninvited, account.Policy{Registration: account.Invited}, nil},
		{"of another domain", account.ReasonDomain, account.Policy{Domains: []string{"example.org"}}, nil},
		{"taken", "email_taken", account.Policy{}, func(s *server) {
			_, err := s.Accounts.Register(t.Context(), account.NewUser{Email: "Ann@example.com", FullName: "Ann", Password: world.Password})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"switched off", "inactive", account.Policy{Registration: account.Closed}, func(s *server) {
			u, _ := s.AddUser(t, "ann@example.com", "Ann", false)
			if err := s.Accounts.SetActive(t.Context(), account.Operator(), u.ID, false); err != nil {
				t.Fatal(err)
			}
		}},
		{"known", "", account.Policy{Registration: account.Closed}, func(s *server) { s.AddUser(t, "ann@example.com", "Ann", false) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newAbroad(t, tt.policy)
			if tt.prepare != nil {
				tt.prepare(s.server)
			}
			j, want := jar{}, "/"
			if tt.want != "" {
				want = "/sign-in?error=" + tt.want
			}
			s.arrive(t, j, s.start(t, j, "/"), want)
			if (s.me(t, j) == nil) != (tt.want != "") {
				t.Errorf("cookies %v", j)
			}
		})
	}
}

func TestLinkElsewhere(t *testing.T) {
	s := newAbroad(t, account.Policy{Registration: account.Closed})
	bob, _ := s.AddUser(t, "bob@example.com", "Bob", false)
	_, eve := s.AddUser(t, "eve@example.com", "Eve", false)
	_, key, err := s.Accounts.OpenSession(t.Context(), bob.ID, "a browser")
	if err != nil {
		t.Fatal(err)
	}
	s.do(request{method: "POST", path: "oidc/company/link", body: "{}"}).fails(401, "unauthenticated", "")
	s.do(request{method: "POST", path: "oidc/nothing/link", who: eve, body: "{}"}).fails(404, "not_found", "")
	begin := func(j jar) string {
		t.Helper()
		var to struct{ URL string }
		s.browse(t, j, request{method: "POST", path: "oidc/company/link", body: `{"return":"/settings?tab=security"}`}).is(200, &to)
		return s.travel(t, to.URL)
	}
	j := jar{kit.SessionCookie: key}
	const page = "/settings?tab=security"
	s.arrive(t, j, begin(j), page)
	if who := s.me(t, j); who == nil || who.Email != "bob@example.com" {
		t.Errorf("he is %+v", who)
	}
	type identity struct {
		ID              int64
		Provider, Email string
	}
	var list []identity
	s.do(request{method: "GET", path: "account/identities", header: j.header()}).is(200, &list)
	if len(list) != 1 || list[0].Provider != "company" || list[0].Email != "ann@example.com" {
		t.Errorf("%+v", list)
	}

	// He may sign in there now, though nobody may register.
	fresh := jar{}
	s.arrive(t, fresh, s.start(t, fresh, "/"), "/")
	if who := s.me(t, fresh); who == nil || who.ID != bob.ExternalID {
		t.Errorf("he is %+v", who)
	}

	// Another, who signs out or in as somebody else on the way, links nothing.
	left := jar{kit.SessionCookie: key}
	back := begin(left)
	delete(left, kit.SessionCookie)
	s.arrive(t, left, back, page+"&error=failed")
	_, hers, err := s.Accounts.OpenSession(t.Context(), mustUser(t, s.server, "eve@example.com"), "hers")
	if err != nil {
		t.Fatal(err)
	}
	left = jar{kit.SessionCookie: key}
	back = begin(left)
	left[kit.SessionCookie] = hers
	s.arrive(t, left, back, page+"&error=failed")
	// And what is his is nobody else's.
	taken := jar{kit.SessionCookie: hers}
	s.arrive(t, taken, begin(taken), page+"&error=email_taken")

	path := fmt.Sprint("account/identities/", list[0].ID)
	s.do(request{method: "DELETE", path: path, who: eve}).fails(404, "not_found", "")
	s.do(request{method: "DELETE", path: path}).fails(401, "unauthenticated", "")
	s.do(request{method: "DELETE", path: "account/identities/x", who: eve}).fails(404, "not_found", "")
	s.do(request{method: "DELETE", path: path, header: j.header()}).is(204, nil)
	s.get("account/identities", eve).is(200, &list)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

func mustUser(t *testing.T, s *server, email string) int64 {
	t.Helper()
	u, err := s.Store.UserByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// Who has no password keeps the last way in.
func TestLastWayElsewhere(t *testing.T) {
	s := newAbroad(t, account.Policy{})
	j := jar{}
	s.arrive(t, j, s.start(t, j, "/"), "/")
	s.do(request{method: "DELETE", path: "account/identities/1", header: j.header()}).fails(409, "conflict", "")
}

func TestSignInOptions(t *testing.T) {
	type provider struct{ Name, Label, Start string }
	var o struct {
		Registration string
		Domains      []string
		Providers    []provider
	}
	newServer(t).get("sign-in-options", "").is(200, &o)
	if o.Registration != "open" || o.Domains == nil || len(o.Domains) > 0 || o.Providers == nil || len(o.Providers) > 0 {
		t.Errorf("%+v", o)
	}
	newAbroad(t, account.Policy{Registration: account.Invited, Domains: []string{"example.org"}}).get("sign-in-options", "").is(200, &o)
	if o.Registration != "invite" || len(o.Domains) != 1 || len(o.Providers) != 2 ||
		o.Providers[0] != (provider{"company", "The company", "/web/api/oidc/company/start"}) {
		t.Errorf("%+v", o)
	}
}

func TestRegisterByInvitation(t *testing.T) {
	s := newServer(t, func(c *account.Config) { c.Policy = account.Policy{Registration: account.Invited} })
	ctx := t.Context()
	if _, err := s.Accounts.Invite(ctx, account.Operator(), account.NewInvitation{Email: "Eve@example.com", Role: account.Editor}); err != nil {
		t.Fatal(err)
	}
	letter, ok, err := s.Accounts.Letter(ctx, s.Mails.Take()[0])
	if !ok || err != nil {
		t.Fatal(err)
	}
	key := letter.Key
	register := func(email, key string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: "account", body: fmt.Sprintf(
			`{"email":%q,"fullName":"Eve","password":%q,"invitation":%q}`, email, world.Password, key)})
	}
	var i struct{ Email, Role string }
	s.do(request{method: "POST", path: "invitation", body: fmt.Sprintf(`{"key":%q}`, key)}).is(200, &i)
	if i.Email != "Eve@example.com" || i.Role != "editor" {
		t.Errorf("%+v", i)
	}
	s.do(request{method: "POST", path: "invitation", body: `{"key":"x"}`}).fails(404, "not_found", "")
	register("adam@example.com", "").fails(403, "forbidden", "")
	register("adam@example.com", key).fails(400, "invalid", "invitation wrong")
	register("adam@example.com", strings.Repeat("x", 40)).fails(400, "invalid", "invitation unknown")
	var eve me
	register("eve@example.com", key).is(201, &eve)
	if eve.Role != "editor" || !eve.Verified {
		t.Errorf("%+v", eve)
	}
	s.do(request{method: "POST", path: "invitation", body: fmt.Sprintf(`{"key":%q}`, key)}).fails(404, "not_found", "")
}
