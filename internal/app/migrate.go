package app

import (
	"context"
	"errors"

	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/store"
)

// Migrate applies the migrations that wait and returns their names.
func Migrate(ctx context.Context, c *config.Config) (names []string, err error) {
	err = withStore(ctx, c, func(s *store.Store) error {
		names, err = s.Migrate(ctx)
		return err
	})
	return names, err
}

// Migrations returns every migration and when it was applied.
func Migrations(ctx context.Context, c *config.Config) (steps []store.Migration, err error) {
	err = withStore(ctx, c, func(s *store.Store) error {
		steps, err = s.Migrations(ctx)
		return err
	})
	return steps, err
}

func withStore(ctx context.Context, c *config.Config, do func(*store.Store) error) error {
	s, err := store.Open(ctx, store.Config{URL: c.DatabaseURL()})
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}
