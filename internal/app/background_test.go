package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/store"
)

// What the command line, or another node, changes counts here too.
func TestChangesOfOthersAreNoticed(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	other, err := New(ctx, f.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	h := f.handler()
	seen := f.notice(ctx, store.Revisions{})
	ask := func(target, key, want string) {
		t.Helper()
		if w := f.ask(h, http.MethodGet, target, key); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", target, w.Code, w.Body, want)
		}
	}

	ask("/api/albums/", "", `"count":0`)
	cover, err := other.Stage.Receive(ctx, bytes.NewReader(tinyPNG()), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer cover.Discard()
	album := catalog.NewAlbum{
		Title: "Night", Artist: "Somebody", ReleaseYear: 1999, Image: file.Upload{Staged: cover, Filename: "cover.png"},
	}
	if _, err := other.Catalog.CreateAlbum(ctx, account.Operator(), album); err != nil {
		t.Fatal(err)
	}
	seen = f.notice(ctx, seen)
	ask("/api/albums/", "", `"count":1`)

	ask("/api/auth/user/", f.userKey, `"email":"user@example.org"`)
	u, err := other.Accounts.UserByEmail(ctx, account.Operator(), "user@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Accounts.SetActive(ctx, account.Operator(), u.ID, false); err != nil {
		t.Fatal(err)
	}
	before := f.Accounts.Revision()
	seen = f.notice(ctx, seen)
	if w := f.ask(h, http.MethodGet, "/api/auth/user/", f.userKey); w.Code != http.StatusUnauthorized {
		t.Errorf("shut out by another: %d %s", w.Code, w.Body)
	}
	if f.Accounts.Revision() == before {
		t.Error("nothing was forgotten")
	}

	// Where nothing has changed, nothing is forgotten; nor where nobody knows.
	before = f.Accounts.Revision()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if again := f.notice(ctx, seen); again != seen || f.notice(gone, seen) != seen || f.Accounts.Revision() != before {
		t.Errorf("%+v became %+v", seen, again)
	}
}
