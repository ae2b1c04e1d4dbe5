package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/store"
)

// What a checkpoint has copied is in the database itself, even if the log is
// lost.
func TestCheckpoint(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	s := must(store.Open(ctx, store.Config{URL: "sqlite:" + path}))(t)
	defer func() { check(t, s.Close()) }()
	must(s.Migrate(ctx))(t)
	u := addUser(t, s, 1)
	check(t, s.Checkpoint(ctx))

	copied := filepath.Join(dir, "b.db")
	check(t, os.WriteFile(copied, must(os.ReadFile(path))(t), 0o600))
	other := must(store.Open(ctx, store.Config{URL: "sqlite:" + copied}))(t)
	defer func() { check(t, other.Close()) }()
	equal(t, "user", must(other.UserByID(ctx, u.ID))(t).Email, u.Email)
}
