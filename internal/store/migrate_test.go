package store_test

import (
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s := must(store.Open(t.Context(), store.Config{URL: url}))(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

func TestMigrate(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			ctx := t.Context()
			s := open(t, storetest.URL(t, engine))
			equal(t, "engine", s.Engine(), engine)
			waiting := must(s.Migrations(ctx))(t)
			for _, m := range waiting {
				if !m.Applied.IsZero() || strings.Contains(m.Name, ".") {
					t.Errorf("migration %+v of an empty database", m)
				}
			}
			done := must(s.Migrate(ctx))(t)
			equalLists(t, "applied", done, keys(waiting, func(m store.Migration) string { return m.Name }))
			if len(done) == 0 || done[0] != "0001_tables" {
				t.Errorf("applied %v", done)
			}
			for _, m := range must(s.Migrations(ctx))(t) {
				if m.Applied.IsZero() {
					t.Errorf("%s still waits", m.Name)
				}
			}
			addUser(t, s, 1)

			equal(t, "applied again", len(must(s.Migrate(ctx))(t)), 0)
			equal(t, "users", must(s.CountUsers(ctx))(t), 1)

			check(t, s.Exec(ctx, `INSERT INTO migrations (name, applied_at) VALUES ('9999_future', 1)`))
			for what, do := range map[string]func() error{
				"migrate":    func() error { _, err := s.Migrate(ctx); return err },
				"migrations": func() error { _, err := s.Migrations(ctx); return err },
			} {
				if err := do(); err == nil || !strings.Contains(err.Error(), "9999_future") {
					t.Errorf("%s: error %v, want one about the newer migration", what, err)
				}
			}
		})
	}
}

// Nodes that start at once migrate once.
func TestMigrateAtOnce(t *testing.T) {
	const nodes = 4
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := storetest.URL(t, engine)
			var applied [nodes][]string
			var g errgroup.Group
			for n := range nodes {
				s := open(t, url)
				g.Go(func() (err error) {
					applied[n], err = s.Migrate(t.Context())
					return err
				})
			}
			check(t, g.Wait())
			s := open(t, url)
			total := 0
			for _, names := range applied {
				total += len(names)
			}
			equal(t, "applied in all", total, len(must(s.Migrations(t.Context()))(t)))
			addUser(t, s, 1)
		})
	}
}
