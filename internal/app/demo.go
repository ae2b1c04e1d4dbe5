package app

import (
	"context"
	"errors"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/demo"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// LoadDemo adds what is missing of the demo library.
func (a *App) LoadDemo(ctx context.Context) error { return a.loadDemo(ctx, demo.Songs()) }

func (a *App) loadDemo(ctx context.Context, songs []demo.Song) error {
	l := demo.Loader{
		Accounts: a.Accounts, Catalog: a.Catalog, Stage: a.Stage, Songs: songs, Now: a.now, Log: a.Log,
		Chat: func(at func() time.Time) *chat.Service {
			return chat.NewService(chat.Config{Store: a.Store, Audit: a.Audit, IDs: oid.NewSource(at), Now: at, Log: a.Log})
		},
	}
	return l.Load(ctx)
}

// FillWithDemo is LoadDemo for a running server: it leaves a server alone that
// has music of its own, and being told to stop is no error to it.
func (a *App) FillWithDemo(ctx context.Context) error {
	stats, err := a.Catalog.Stats(ctx)
	if err != nil {
		return err
	}
	_, err = a.Accounts.UserByEmail(ctx, account.Operator(), demo.Admin().Email)
	if stats.Songs > 0 && errs.Is(err, errs.NotFound) {
		a.Log.InfoContext(ctx, "there is music already: the demo library is not added")
		return nil
	}
	if err := a.LoadDemo(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
