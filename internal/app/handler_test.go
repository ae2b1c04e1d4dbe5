package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/config"
)

func TestRouter(t *testing.T) {
	part := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }) // to memory
	}
	both := &router{
		node: part("node"), django: part("django"), web: part("web"), admin: part("admin"), media: part("media"), rest: part("rest"),
	}
	onlyNode := &router{node: both.node, web: both.web, admin: both.admin, media: both.media, rest: both.rest}
	onlyDjango := &router{django: both.django, media: both.media, rest: both.rest}
	tests := []struct{ path, both, onlyNode, onlyDjango string }{
		{"/api/songs", "node", "node", "django"},
		{"/api/songs/", "django", "node", "django"},
		{"/api/songs/7/", "django", "node", "django"},
		{"/api/songs.json", "django", "node", "django"},
		{"/api/songs.api", "django", "node", "django"},
		{"/api/songs.xml", "node", "node", "django"},
		{"/API/Songs", "node", "node", "django"},
		{"/Api/Songs/", "django", "node", "django"},
		{"//api/albums", "node", "node", "django"},
		{"//api/albums/", "django", "node", "django"},
		{"/api//albums", "node", "node", "django"},
		{"/api", "node", "node", "django"},
		{"/api/", "django", "node", "django"},
		{"/api/../media/x", "node", "node", "django"},
		{"/api/docs", "node", "node", "django"},
		{"/api/docs/", "rest", "rest", "rest"},
		{"/api/docs/style.css", "rest", "rest", "rest"},
		{"/api/schema/", "rest", "rest", "rest"},
		{"/media/x", "media", "media", "media"},
		{"/media/", "media", "media", "media"},
		{"/media/../api/songs", "media", "media", "media"},
		{"/Media/x", "rest", "rest", "rest"},
		{"/media", "rest", "rest", "rest"},
		{"/", "rest", "rest", "rest"},
		{"", "rest", "rest", "rest"},
		{"*", "rest", "rest", "rest"},
		{"//", "rest", "rest", "rest"},
		{"/apis/songs", "rest", "rest", "rest"},
		{"/x/api/songs", "rest", "rest", "rest"},
		{"/favicon.ico", "rest", "rest", "rest"},
		{"/web/api/songs/1", "web", "web", "rest"},
		{"/web/api/", "web", "web", "rest"},
		{"/web/", "rest", "rest", "rest"},
		{"/admin/api/songs", "admin", "admin", "rest"},
		{"/admin/api/", "admin", "admin", "rest"},
		{"/admin/", "rest", "rest", "rest"},
		{"/healthz", "rest", "rest", "rest"},
		{"/metrics", "rest", "rest", "rest"},
	}
	for _, tt := range tests {
		for i, rt := range []*router{both, onlyNode, onlyDjango} {
			w := httptest.NewRecorder()
			rt.choose(tt.path).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if want := []string{tt.both, tt.onlyNode, tt.onlyDjango}[i]; w.Body.String() != want {
				t.Errorf("%q with %s goes to %s, want %s", tt.path, []string{"both", "node alone", "django alone"}[i], w.Body, want)
			}
		}
	}
}

// Every part answers in its own words, and no path is redirected elsewhere.
func TestHandler(t *testing.T) {
	f := newFixture(t, nil)
	h := f.handler()
	tests := []struct {
		target string
		code   int
		body   string // what it begins with
	}{
		{"/api/albums", 200, `[]`},
		{"/API/Albums", 200, `[]`},
		{"/api/albums/", 200, `{"count":0`},
		{"/api/songs", 401, `{"message":`},
		{"/api/nothing", 404, `{"`},
		{"/api/nothing/", 404, `{"detail":`},
		{"/media/nothing", 404, `{"message":`},
		{"/api/schema/", 200, `{`},
		{"/api/docs/", 200, "<!doctype html>"},
		{"/", 200, "<!doctype html>"},
		{"/healthz", 200, `{"status":"ok"}`},
		{"/readyz", 200, `{"database":"ok","media":"ok","status":"ok"}`},
		{"/metrics", 401, "Only admins"},
		{"/admin/", 200, "<!doctype html>"},
		{"/album/1", 200, "<!doctype html>"},
		{"/nothing.js", 404, "There is no such file"},
		{"/assets/nothing", 404, "There is no such file"},
		{"/web/api/session", 200, `{"me":null`},
		{"/web/api/nothing", 404, `{"error":{"kind":"not_found"`},
		{"/admin/api/", 401, `{"error":{"kind":"unauthenticated"`},
		{"/admin/api/jobs/nothing/here", 404, `{"error":{"kind":"not_found"`},
	}
	for _, tt := range tests {
		w := f.ask(h, http.MethodGet, tt.target, "")
		if w.Code != tt.code || !strings.HasPrefix(strings.ToLower(w.Body.String()), strings.ToLower(tt.body)) {
			t.Errorf("%s: %d %.100s", tt.target, w.Code, w.Body)
		}
		if w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", tt.target)
		}
	}
	for _, target := range []string{"//evil.example/", "//evil.example/..", `/\evil.example`, "/%2F%2Fevil.example/..", "/healthz/../x"} {
		w := f.ask(h, http.MethodGet, target, "")
		if to := w.Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, `\`) || strings.Contains(to, "://") {
			t.Errorf("%s leads to %s", target, to)
		}
	}
}

func TestFrontDoor(t *testing.T) {
	f := newFixture(t, nil)
	h := f.handler()
	if w := f.ask(h, http.MethodGet, "/admin", ""); w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != "/admin/" {
		t.Errorf("the panel without its slash: %d %v", w.Code, w.Header())
	}
	if w := f.ask(h, http.MethodPost, "/", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a post to the page: %d", w.Code)
	}

	f = newFixture(t, func(c *config.Config) { c.WebApp = false })
	h = f.handler()
	if w := f.ask(h, http.MethodGet, "/", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "/api/docs/") {
		t.Errorf("a server for other clients has at its door: %d %s", w.Code, w.Body)
	}
	for _, target := range []string{"/admin", "/admin/", "/album/1", "/web/api/session", "/admin/api/"} {
		if w := f.ask(h, http.MethodGet, target, f.adminKey); w.Code != http.StatusNotFound {
			t.Errorf("%s without the web app: %d", target, w.Code)
		}
	}
}

func TestDialectSwitchedOff(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.DjangoAPI = false })
	if w := f.ask(f.handler(), http.MethodGet, "/api/albums/", ""); w.Code != http.StatusOK || w.Body.String() != "[]" {
		t.Errorf("with Node alone: %d %s", w.Code, w.Body)
	}
	if w := f.ask(f.handler(), http.MethodGet, "/api/schema/", ""); strings.Contains(w.Body.String(), `"/api/auth/registration/"`) {
		t.Error("the documentation has what is switched off")
	}
	f = newFixture(t, func(c *config.Config) { c.NodeAPI = false })
	if w := f.ask(f.handler(), http.MethodGet, "/api/albums", ""); !strings.HasPrefix(w.Body.String(), `{"detail":`) {
		t.Errorf("with Django alone: %d %s", w.Code, w.Body)
	}
}

func TestMetricsAreForAdmins(t *testing.T) {
	f := newFixture(t, nil)
	for key, code := range map[string]int{
		"": http.StatusUnauthorized, "nonsense": http.StatusUnauthorized,
		f.userKey: http.StatusForbidden, f.adminKey: http.StatusOK,
	} {
		w := f.ask(f.handler(), http.MethodGet, "/metrics", key)
		if w.Code != code || strings.Contains(w.Body.String(), "antiphon_panics_total") != (code == http.StatusOK) {
			t.Errorf("%d, want %d: %.100s", w.Code, code, w.Body)
		}
	}
}

func TestMetricsOnAListenerOfTheirOwn(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.MetricsListen = "127.0.0.1:0" })
	servers, err := f.servers()
	if err != nil || len(servers) != 2 || servers[1].Addr != "127.0.0.1:0" {
		t.Fatalf("%d servers, %v", len(servers), err)
	}
	for i, want := range []map[string]int{{"/metrics": 404, "/healthz": 200}, {"/metrics": 200, "/healthz": 404, "/api/albums": 404}} {
		for target, code := range want {
			if w := f.ask(servers[i].Handler, http.MethodGet, target, f.adminKey); w.Code != code {
				t.Errorf("server %d, %s: %d, want %d", i, target, w.Code, code)
			}
		}
	}
}

func TestNotReady(t *testing.T) {
	f := newFixture(t, nil)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w := f.ask(f.handler(), http.MethodGet, "/readyz", "")
	if want := `{"database":"failing","media":"ok","status":"unavailable"}`; w.Code != http.StatusServiceUnavailable || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := f.ask(f.handler(), http.MethodGet, "/metrics", f.adminKey); w.Code != http.StatusServiceUnavailable {
		t.Errorf("the metrics, when nobody knows who asks: %d %s", w.Code, w.Body)
	}
}

// A panic costs one request, is answered in the dialect's words, and counted.
func TestPanics(t *testing.T) {
	f := newFixture(t, nil)
	users, _, err := f.Accounts.Users(t.Context(), account.Operator(), account.UserFilter{})
	if err != nil {
		t.Fatal(err)
	}
	defer func(c *chat.Service) { f.Chat = c }(f.Chat)
	f.Chat = nil // whoever uses it panics
	h := f.handler()
	for target, want := range map[string]string{
		"/api/messages/": `{"detail":`,
		"/api/users/messages/" + users[0].ExternalID: `{"message":`,
	} {
		if w := f.ask(h, http.MethodGet, target, f.userKey); w.Code != http.StatusInternalServerError || !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := f.ask(h, http.MethodGet, "/metrics", f.adminKey); !strings.Contains(w.Body.String(), "antiphon_panics_total 2") {
		t.Error("two panics were not counted")
	}
}

func TestAddressesInAnswers(t *testing.T) {
	const song = "/api/songs/"
	tests := []struct {
		name, public, peer, host, proto string
		want                            string
	}{
		{"the Host header", "", "192.0.2.1:1", "music.example.org", "", "http://music.example.org"},
		{"a port", "", "192.0.2.1:1", "[::1]:8080", "", "http://[::1]:8080"},
		{"a trusted proxy", "", "10.1.2.3:1", "music.example.org", "https", "https://music.example.org"},
		{"a trusted proxy by IPv6", "", "[::ffff:10.1.2.3]:1", "music.example.org", "https", "https://music.example.org"},
		{"somebody who says he is a proxy", "", "192.0.2.1:1", "music.example.org", "https", "http://music.example.org"},
		{"a public address", "https://music.example.org", "192.0.2.1:1", "evil.example", "http", "https://music.example.org"},
		{"markup for a host", "", "192.0.2.1:1", `a"><script>`, "", "http://localhost"},
		{"somebody's password for a host", "", "192.0.2.1:1", "good.example@evil.example", "", "http://localhost"},
		{"a path for a host", "", "192.0.2.1:1", "evil.example/x?", "", "http://localhost"},
		{"no host", "", "192.0.2.1:1", "", "", "http://localhost"},
		{"a long host", "", "192.0.2.1:1", strings.Repeat("a", 60_000), "", "http://localhost"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, func(c *config.Config) {
				c.PublicURL, c.TrustedProxy = tt.public, []string{"10.0.0.0/8"}
			})
			h := f.handler()
			body, contentType := songForm(djangoUpload, "Song", uniqueMP3())
			made := httptest.NewRequest(http.MethodPost, song, strings.NewReader(string(body)))
			made.Header.Set("Content-Type", contentType)
			made.Header.Set("Authorization", "Bearer "+f.adminKey)
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, made); w.Code != http.StatusCreated {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			r := httptest.NewRequest(http.MethodGet, song, nil)
			r.Header.Set("Authorization", "Bearer "+f.userKey)
			r.RemoteAddr, r.Host = tt.peer, tt.host
			if tt.proto != "" {
				r.Header.Set("X-Forwarded-Proto", tt.proto)
				r.Header.Set("X-Forwarded-Host", "evil.example")
			}
			w = httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if !strings.Contains(w.Body.String(), `"audio_url":"`+tt.want+`/media/`) {
				t.Errorf("%d %.500s", w.Code, w.Body)
			}
		})
	}
}
