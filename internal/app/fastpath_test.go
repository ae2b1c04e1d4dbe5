package app

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/file"
)

// A repeater asks over one connection, and knows which way its requests took.
type repeater struct {
	*fixture
	conn net.Conn
	in   *bufio.Reader
	ways chan string
}

func newRepeater(t *testing.T) *repeater {
	t.Helper()
	f := newFixture(t, nil)
	r := &repeater{fixture: f, ways: make(chan string, 1)}
	inner := f.handler()
	s := f.server("", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.ways <- fmt.Sprintf("%T", w)
		inner.ServeHTTP(w, req)
	}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.serve(ctx, s, l) }()
	t.Cleanup(func() {
		if cancel(); <-ended != nil {
			t.Error("it did not end well")
		}
	})
	r.conn = dial(t, l.Addr().String())
	r.in = bufio.NewReader(r.conn)
	return r
}

// ask asks once more, and returns the answer without what is of the moment.
func (r *repeater) ask(target, key string) (way string, status int, header http.Header, body string) {
	r.t.Helper()
	authorization := ""
	if key != "" {
		authorization = "Authorization: Token " + key + "\r\n"
	}
	send(r.t, r.conn, "GET "+target+" HTTP/1.1\r\nHost: music.example\r\n"+authorization+"\r\n")
	way = <-r.ways
	answer, err := http.ReadResponse(r.in, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	answer.Header.Del("Date")
	return way, answer.StatusCode, answer.Header, string(text)
}

// repeat asks until the answer comes by the fast path. The first byte of a
// request that comes early is net/http's, and then all of it.
func (r *repeater) repeat(target, key string) (status int, header http.Header, body string) {
	r.t.Helper()
	for range 100 {
		way, status, header, body := r.ask(target, key)
		if way == "*fastpath.writer" {
			return status, header, body
		}
	}
	r.t.Fatalf("%s is never repeated", target)
	return 0, nil, ""
}

func (r *repeater) addAlbum() {
	r.t.Helper()
	cover, err := r.Stage.Receive(r.t.Context(), bytes.NewReader(tinyPNG()), 1<<20)
	if err != nil {
		r.t.Fatal(err)
	}
	defer cover.Discard()
	album := catalog.NewAlbum{Title: "New", Artist: "Somebody", ReleaseYear: 1999, Image: file.Upload{Staged: cover, Filename: "cover.png"}}
	if _, err := r.Catalog.CreateAlbum(r.t.Context(), account.Operator(), album); err != nil {
		r.t.Fatal(err)
	}
}

// What comes again is answered as the first time, in every interface.
func TestRepeatedRequests(t *testing.T) {
	r := newRepeater(t)
	r.addAlbum()
	var ids []string
	for _, target := range []string{
		"/api/albums", "/api/stats", "/api/songs", "/api/users", "/api/admin/check", "/api/conversations",
		"/api/albums/", "/api/stats/", "/api/songs/", "/api/songs/?page=1", "/api/users/", "/api/presence/", "/api/songs.json",
		"/web/api/session", "/web/api/albums", "/admin/api/", "/admin/api/songs",
	} {
		_, status, header, body := r.ask(target, r.adminKey)
		againStatus, againHeader, again := r.repeat(target, r.adminKey)
		ids = append(ids, header.Get("X-Request-Id"), againHeader.Get("X-Request-Id"))
		for _, h := range []http.Header{header, againHeader} {
			h.Del("X-Request-Id")
			h.Del("Content-Length") // net/http sends in chunks what has more than its buffer
		}
		if status != http.StatusOK || againStatus != status || again != body || fmt.Sprint(againHeader) != fmt.Sprint(header) {
			t.Errorf("%s: %d %v %.200s\nand again: %d %v %.200s", target, status, header, body, againStatus, againHeader, again)
		}
	}
	slices.Sort(ids)
	if ids[0] == "" || len(slices.Compact(ids)) != len(ids) {
		t.Errorf("requests have ids in common: %v", ids)
	}
}

// What has changed meanwhile is in the answer, and who may not ask any more is
// refused.
func TestRepeatedRequestsSeeChanges(t *testing.T) {
	r, ctx := newRepeater(t), t.Context()
	const list = "/api/albums/"
	if _, _, body := r.repeat(list, r.userKey); !strings.HasPrefix(body, `{"count":0`) {
		t.Error(body)
	}
	r.addAlbum()
	if way, _, _, body := r.ask(list, r.userKey); way != "*fastpath.writer" || !strings.HasPrefix(body, `{"count":1`) {
		t.Error(way, body)
	}
	user, err := r.Accounts.AuthenticateToken(ctx, r.userKey)
	if err != nil {
		t.Fatal(err)
	}
	const own = "/web/api/session"
	if _, _, body := r.repeat(own, r.userKey); !strings.Contains(body, "user@example.org") {
		t.Error(body)
	}
	if err := r.Accounts.RevokeToken(ctx, user, user.CredentialID); err != nil {
		t.Fatal(err)
	}
	if way, status, _, body := r.ask(own, r.userKey); way != "*fastpath.writer" || strings.Contains(body, "user@example.org") {
		t.Error(way, status, body)
	}
	const stats = "/api/stats"
	if status, _, _ := r.repeat(stats, r.adminKey); status != http.StatusOK {
		t.Error(status)
	}
	admin, err := r.Accounts.AuthenticateToken(ctx, r.adminKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Accounts.Logout(ctx, admin); err != nil {
		t.Fatal(err)
	}
	if way, status, _, _ := r.ask(stats, r.adminKey); way != "*fastpath.writer" || status != http.StatusUnauthorized {
		t.Error(way, status)
	}
}

// Errors, other methods and long lists are no business of it.
func TestNotRepeated(t *testing.T) {
	r := newRepeater(t)
	for _, target := range []string{"/", "/healthz", "/api/nothing", "/api/stats", "/api/nothing/", "/api/stats/", "/web/api/nothing", "/admin/api/", "/media/x", "/metrics"} {
		for range 3 {
			if way, status, _, _ := r.ask(target, ""); way == "*fastpath.writer" {
				t.Errorf("%s: %d", target, status)
			}
		}
	}
}
