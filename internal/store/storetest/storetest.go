// Package storetest runs a test on every engine: SQLite in a file, and a real
// PostgreSQL that it starts from the installed binaries.
package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/store"
)

// Engines are the engines that a test is run on.
func Engines() []string { return []string{"sqlite", "postgres"} }

// Each runs a subtest an engine over a fresh, migrated store.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) { test(t, Open(t, engine)) })
	}
}

// Open returns a fresh, migrated store on the engine; it is closed when the
// test ends.
func Open(t testing.TB, engine string) *store.Store {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{URL: URL(t, engine)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// URL returns the address of a fresh, empty database on the engine.
func URL(t testing.TB, engine string) string {
	t.Helper()
	if engine == "postgres" {
		return postgresURL(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}
