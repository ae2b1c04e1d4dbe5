package app

import (
	"bytes"
	"errors"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/config"
)

// entrances are all routes of a private instance that anybody may use: to sign
// in or out, to make an account, to follow a link of a mail, to be told whether
// the server is well, to load the app. The answer shows that whoever is nobody
// has got in.
var entrances = map[string]int{
	"POST /api/auth/registration/":                                400,
	"POST /api/auth/registration/verify-email/":                   400,
	"POST /api/auth/registration/resend-email/":                   400,
	"GET /api/auth/registration/account-confirm-email/{key}/":     302,
	"GET /api/auth/registration/account-email-verification-sent/": 302,
	"POST /api/auth/login/":                                       400,
	"POST /api/auth/logout/":                                      200,
	"POST /api/auth/password/reset/":                              400,
	"POST /api/auth/password/reset/confirm/":                      400,

	"GET /web/api/session":                 200,
	"POST /web/api/session":                415,
	"DELETE /web/api/session":              204,
	"POST /web/api/session/second-factor":  415,
	"POST /web/api/session/passkey":        415,
	"POST /web/api/account":                415,
	"POST /web/api/password-reset":         415,
	"POST /web/api/password-reset/confirm": 415,
	"POST /web/api/verify-email":           415,
	"GET /web/api/sign-in-options":         200,
	"POST /web/api/invitation":             415,
	"GET /web/api/oidc/{name}/start":       404,
	"GET /web/api/oidc/{name}/callback":    404,

	"GET /":        200,
	"GET /healthz": 200,
	"GET /readyz":  200,
}

var refusals = map[string]*regexp.Regexp{
	"node":   regexp.MustCompile(`^\{"message":"Unauthorized - you must be logged in"\}$`),
	"django": regexp.MustCompile(`^\{"detail":"Authentication credentials were not provided."\}$`),
	"json":   regexp.MustCompile(`^\{"error":\{"kind":"unauthenticated","message":"Sign in first."`),
	"media":  regexp.MustCompile(`^\{"message":"The address is not signed`),
	"rest":   regexp.MustCompile(`^(This server is for its members|Only admins see the metrics)\n$`),
}

// Every route there is, but for the entrances, is closed to nobody: a new one is
// so by itself.
func TestPrivateRoutes(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.Private = true })
	h := f.handler()
	rows := f.rows(h)
	audio, _, _ := strings.Cut(rows.audio, "?") // without its signature
	i := f.interfaces()
	unused := maps.Clone(entrances)
	for _, d := range []struct {
		name string
		dialect
	}{{"node", i.node}, {"django", i.django}, {"json", i.web}, {"json", i.admin}} {
		for _, op := range d.Operations() {
			f.checkPrivate(h, op.Method, op.Path, rows.target(t, op.Path), d.name)
			delete(unused, op.Method+" "+op.Path)
		}
	}
	for _, op := range ownOperations(true) {
		says := "rest"
		if strings.HasPrefix(op.Path, "/media/") {
			says = "media"
		}
		f.checkPrivate(h, op.Method, op.Path, strings.Replace(op.Path, "{name}", audio, 1), says)
		delete(unused, op.Method+" "+op.Path)
	}
	if len(unused) > 0 {
		t.Errorf("there are no such entrances: %v", slices.Sorted(maps.Keys(unused)))
	}
	for _, target := range []string{
		"/api/nothing", "/api/songs.json", "/api/songs/?format=json", "/API/albums", "/api/albums/", "/api/", "/api/users", "/api/docs/x",
	} {
		if w := f.ask(h, http.MethodGet, target, ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	for _, target := range []string{"/api/songs/", "/api/albums/1/", "/api/"} {
		if w := f.ask(h, http.MethodOptions, target, ""); w.Code != http.StatusUnauthorized {
			t.Errorf("OPTIONS %s: %d %s", target, w.Code, w.Body)
		}
	}
	for _, target := range []string{"/sign-in", "/album/1", "/admin/", "/mark.svg", "/manifest.webmanifest", "/socket.io/socket.io.js"} {
		if w := f.ask(h, http.MethodGet, target, ""); w.Code != http.StatusOK || w.Header().Get("X-Robots-Tag") != "noindex, nofollow" {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
		}
	}
	if w := f.ask(h, http.MethodGet, "/robots.txt", ""); w.Code != http.StatusOK || w.Body.String() != "User-agent: *\nDisallow: /\n" {
		t.Errorf("robots.txt: %d %s", w.Code, w.Body)
	}
}

// checkPrivate sends what nobody would, and what somebody would in the same way.
func (f *fixture) checkPrivate(h http.Handler, method, path, target, says string) {
	f.t.Helper()
	open, isOpen := entrances[method+" "+path]
	methods := []string{method}
	if method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for _, m := range methods {
		w := f.ask(h, m, target, "")
		if w.Header().Get("X-Robots-Tag") == "" || w.Header().Get("Cache-Control") == "" {
			f.t.Errorf("%s %s: %v", m, target, w.Header())
		}
		want := http.StatusUnauthorized
		switch {
		case isOpen:
			want = open
		case says == "media":
			want = http.StatusForbidden
		}
		if w.Code != want && !(m == http.MethodHead && w.Code == http.StatusMethodNotAllowed) {
			f.t.Errorf("%s %s: %d %.300q, want %d", m, target, w.Code, w.Body, want)
		}
		if !isOpen && m == method && !refusals[says].MatchString(w.Body.String()) {
			f.t.Errorf("%s %s: %.300q", m, target, w.Body)
		}
		if w := f.ask(h, m, target, "nonsense"); !isOpen && w.Code != want {
			f.t.Errorf("%s %s with a bad key: %d, want %d", m, target, w.Code, want)
		}
	}
	if isOpen || method != http.MethodGet || strings.Contains(path, "server-log") { // which does not end
		return
	}
	if w := f.ask(h, method, target, f.adminKey); w.Code != http.StatusOK && w.Code != http.StatusNotFound && says != "media" {
		f.t.Errorf("%s %s as an admin: %d %.300q", method, target, w.Code, w.Body)
	}
}

// shown are requests of all answers that have addresses of files.
var shown = []string{
	"/api/albums", "/api/songs", "/api/songs/featured", "/api/songs/made-for-you", "/api/songs/trending", "/api/users",
	"/api/songs/", "/api/songs/featured/", "/api/songs/made-for-you/", "/api/songs/trending/", "/api/albums/", "/api/users/", "/api/auth/user/",
	"/web/api/home", "/web/api/songs", "/web/api/songs/1", "/web/api/albums", "/web/api/albums/1", "/web/api/artists", "/web/api/artists/Somebody",
	"/api/songs/1/", "/api/albums/1/", "/api/conversations", "/api/conversations/", "/web/api/conversations", "/web/api/search?q=Song", "/web/api/session", "/web/api/people",
	"/admin/api/songs", "/admin/api/songs/1", "/admin/api/albums/options?q=Album", "/admin/api/",
}

var mediaAddress = regexp.MustCompile(`"([^"]*/media/[^"]*)"`)

// fileAddresses returns those of files in the answers to the admin, by what was
// asked.
func (f *fixture) fileAddresses(h http.Handler) map[string][]string {
	f.t.Helper()
	f.uploadSong(h, uniqueMP3())
	for _, key := range []string{f.adminKey, f.userKey} {
		f.sendPicture(h, http.MethodPatch, "/api/auth/user/", key, nil)
	}
	f.sendPicture(h, http.MethodPost, "/api/albums/", f.adminKey, map[string]string{"title": "Album", "artist": "Somebody", "release_year": "1888"})
	admin, errAdmin := f.Accounts.AuthenticateToken(f.t.Context(), f.adminKey)
	user, errUser := f.Accounts.AuthenticateToken(f.t.Context(), f.userKey)
	_, errSend := f.Chat.Send(f.t.Context(), admin, user.User.ID, "Hello")
	if err := errors.Join(errAdmin, errUser, errSend); err != nil {
		f.t.Fatal(err)
	}
	found := map[string][]string{}
	for _, target := range shown {
		w := f.ask(h, http.MethodGet, target, f.adminKey)
		if w.Code != http.StatusOK {
			f.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		for _, m := range mediaAddress.FindAllSubmatch(w.Body.Bytes(), -1) {
			found[target] = append(found[target], string(m[1]))
		}
		if len(found[target]) == 0 {
			f.t.Errorf("%s has no files: %s", target, w.Body)
		}
	}
	return found
}

// sendPicture sends a form with a picture to the Django dialect.
func (f *fixture) sendPicture(h http.Handler, method, target, key string, fields map[string]string) {
	f.t.Helper()
	var b bytes.Buffer // to which writing cannot fail
	form := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = form.WriteField(name, value)
	}
	picture, _ := form.CreateFormFile("image_url", "cover.png")
	_, _ = picture.Write(tinyPNG())
	_ = form.Close()
	r := httptest.NewRequest(method, target, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Token "+key)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code >= 300 {
		f.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
}

// The files that a private instance speaks of can be fetched as it says, and not
// otherwise.
func TestPrivateFiles(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.Private = true })
	h := f.handler()
	for target, list := range f.fileAddresses(h) {
		for _, address := range list {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if w := f.ask(h, http.MethodGet, u.RequestURI(), ""); w.Code != http.StatusOK {
				t.Errorf("%s: %s: %d %s", target, address, w.Code, w.Body)
			}
			if w := f.ask(h, http.MethodGet, u.EscapedPath(), ""); w.Code != http.StatusForbidden {
				t.Errorf("%s: %s without its signature: %d", target, address, w.Code)
			}
			if w := f.ask(h, http.MethodGet, u.EscapedPath(), f.userKey); w.Code != http.StatusOK {
				t.Errorf("%s: %s as a user: %d", target, address, w.Code)
			}
		}
	}
}

// Behind a CDN all answers name it, signed or not, and the CDN, which asks for the
// same paths and queries, gets what is there.
func TestFilesBehindCDN(t *testing.T) {
	const public = "https://cdn.example/x"
	for _, private := range []bool{false, true} {
		f := newFixture(t, func(c *config.Config) { c.Private, c.MediaPublicURL = private, public+"/" })
		h := f.handler()
		for target, list := range f.fileAddresses(h) {
			for _, address := range list {
				path, ok := strings.CutPrefix(address, public)
				if !ok || !strings.HasPrefix(path, "/media/") || strings.Contains(path, "&sig=") != private {
					t.Errorf("%s: %s", target, address)
					continue
				}
				w := f.ask(h, http.MethodGet, path, "")
				if keep := w.Header().Get("Cache-Control"); w.Code != http.StatusOK || !strings.HasPrefix(keep, "public, max-age=") || !strings.Contains(keep, "s-maxage=") || w.Header()["Vary"] != nil {
					t.Errorf("%s: %s: %d %v", target, address, w.Code, w.Header())
				}
			}
		}
		w := f.ask(h, http.MethodGet, "/", "")
		if !strings.Contains(w.Header().Get("Content-Security-Policy"), "connect-src 'self' https://cdn.example;") {
			t.Errorf("policy %s", w.Header().Get("Content-Security-Policy"))
		}
	}
}
