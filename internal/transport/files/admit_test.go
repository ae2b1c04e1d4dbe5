package files

import (
	"bytes"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

const cdn = "https://cdn.example"

// whitePNG returns an image of 400 pixels a side.
func whitePNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 400))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reopen makes the house's handler anew, over the same files.
func (h *house) reopen(edit func(*Config)) {
	c := Config{Names: h.names, Blobs: h.store, Sizes: h.sizes, Revision: h.revision.Load, Log: slog.New(slog.DiscardHandler)}
	edit(&c)
	h.Handler = New(c)
}

// A CDN is told that it may keep files, in each of their forms, for all alike.
func TestBehindCDN(t *testing.T) {
	h := newHouse(t)
	h.reopen(func(c *Config) { c.URLs.Public = cdn })
	etag := `"` + string(h.add(t, "a", "audio/mpeg", []byte(song))) + `"`
	h.add(t, "p.png", "image/png", whitePNG(t))
	const kept = "public, max-age=31536000, s-maxage=31536000, immutable"
	for _, tt := range []struct {
		target  string
		headers []string
		status  int
		keep    string
	}{
		{"/media/a", nil, 200, kept},
		{"/media/a?utm=x", []string{"Origin", "https://music.example", "Cookie", "sessionid=x"}, 200, kept},
		{"/media/a", []string{"Range", "bytes=0-3"}, 206, kept},
		{"/media/a", []string{"Range", "bytes=0-1,4-5"}, 206, kept},
		{"/media/a", []string{"If-None-Match", etag}, 304, kept},
		{"/media/p.png?size=64", nil, 200, kept},
		{"/media/none", nil, 404, "no-store"},
	} {
		r := h.ask("GET", tt.target, tt.headers...)
		if r.StatusCode != tt.status || r.Header.Get("Cache-Control") != tt.keep || r.Header["Vary"] != nil {
			t.Errorf("%s %v: %d %v", tt.target, tt.headers, r.StatusCode, r.Header)
		}
		if r.StatusCode < 400 && (r.Header.Get("Etag") == "" || r.StatusCode != 304 && r.Header.Get("Access-Control-Allow-Origin") != "*") {
			t.Errorf("%s: %v", tt.target, r.Header)
		}
	}
}

// private makes the house one whose files are for signed addresses and for those
// who are signed in, of whom it returns a session and a token.
func (h *house) private(t *testing.T, public string, more func(*Config)) (media kit.Media, cookie, header []string) {
	t.Helper()
	w := world.New(t, "sqlite")
	user, token := w.AddUser(t, "mira@example.org", "Mira", false)
	_, session, err := w.Accounts.OpenSession(t.Context(), user.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	// Three quarters of an hour into a step: addresses are good for 11:15 h.
	now := time.Date(2026, 11, 23, 6, 45, 0, 0, time.UTC)
	urls := kit.MediaURLs{Public: public, Signer: kit.NewMediaSigner(world.Keys(), func() time.Time { return now })}
	h.reopen(func(c *Config) {
		c.URLs, c.Identifier = urls, kit.Identifier{Accounts: w.Accounts}
		if more != nil {
			more(c)
		}
	})
	return urls.From(""), []string{"Cookie", kit.SessionCookie + "=" + session}, []string{"Authorization", "Bearer " + token}
}

func TestPrivate(t *testing.T) {
	const left = "40500" // seconds
	for _, public := range []string{"", cdn} {
		h := newHouse(t)
		media, cookie, header := h.private(t, public, nil)
		key := string(h.add(t, "a b", "audio/mpeg", []byte(song)))
		h.add(t, "p.png", "image/png", whitePNG(t))
		signed, picture := strings.TrimPrefix(media.URL("a b"), public), strings.TrimPrefix(media.URL("p.png"), public)
		_, query, _ := strings.Cut(signed, "?")
		until := "private, max-age=" + left + ", immutable"
		if public != "" {
			until = "public, max-age=" + left + ", s-maxage=" + left + ", immutable"
		}
		for _, tt := range []struct {
			method, target string
			headers        []string
			status         int
			keep           string
		}{
			{"GET", signed, nil, 200, until},
			{"HEAD", signed, nil, 200, until},
			{"GET", signed, []string{"Range", "bytes=2-3"}, 206, until},
			{"GET", signed, []string{"If-None-Match", `"` + key + `"`}, 304, until},
			{"GET", signed, cookie, 200, until}, // the same for all
			{"GET", picture + "&size=64", nil, 200, until},
			{"GET", picture + "&size=no", nil, 400, "no-store"},
			{"GET", "/media/a%20b", nil, 403, "no-store"},
			{"HEAD", "/media/a%20b", nil, 403, "no-store"},
			{"GET", "/media/a%20b?size=64", nil, 403, "no-store"},
			{"GET", "/media/p.png?" + query, nil, 403, "no-store"},
			{"GET", strings.Replace(signed, "exp=1", "exp=2", 1), nil, 403, "no-store"},
			{"GET", signed[:len(signed)-1], nil, 403, "no-store"},
			{"GET", "/media/none", nil, 403, "no-store"}, // nor is told what there is
			{"GET", "/media/a%20b", []string{"Cookie", "sessionid=x"}, 403, "no-store"},
			{"GET", "/media/a%20b", []string{"Authorization", "Bearer x"}, 403, "no-store"},
			{"GET", "/media/a%20b", cookie, 200, "private, no-cache"},
			{"GET", "/media/a%20b", header, 200, "private, no-cache"},
			{"GET", "/media/p.png?size=64&" + query, cookie, 200, "private, no-cache"},
			{"GET", "/media/none", cookie, 404, "no-store"},
		} {
			r := h.ask(tt.method, tt.target, tt.headers...)
			if r.StatusCode != tt.status || r.Header.Get("Cache-Control") != tt.keep || r.Header["Vary"] != nil {
				t.Errorf("%s %s of %q: %d %v", tt.method, tt.target, public, r.StatusCode, r.Header)
			}
			if text := body(t, r); tt.status == 403 && tt.method == "GET" && !strings.Contains(text, `{"message":"The address is not signed`) {
				t.Errorf("%s: %s", tt.target, text)
			}
		}
	}
}

// Who is sent on to the storage is so as long as his address is good, at most.
func TestPrivateRedirect(t *testing.T) {
	h := newHouse(t)
	far := &faraway{Store: h.store}
	media, cookie, _ := h.private(t, "", func(c *Config) { c.Blobs, c.Links = far, far })
	h.add(t, "a", "audio/mpeg", []byte(song))
	for _, tt := range []struct {
		target  string
		headers []string
		status  int
		keep    string
	}{
		{media.URL("a"), nil, http.StatusFound, "private, max-age=3600"},
		{"/media/a", nil, http.StatusForbidden, "no-store"},
		{"/media/a", cookie, http.StatusFound, "private, no-cache"},
	} {
		r := h.ask("GET", tt.target, tt.headers...)
		if r.StatusCode != tt.status || r.Header.Get("Cache-Control") != tt.keep || (r.Header.Get("Location") != "") != (tt.status == http.StatusFound) {
			t.Errorf("%s: %d %v", tt.target, r.StatusCode, r.Header)
		}
	}
	short := keeping{scope: "public", shared: true, age: 90 * time.Second}
	if got := short.redirect()[0]; got != "public, max-age=90, s-maxage=90" {
		t.Error(got)
	}
}
