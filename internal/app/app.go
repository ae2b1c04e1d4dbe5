// Package app puts the program together: it builds every part from the
// configuration, connects them, and runs them until it is told to stop.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/schedule"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/ops"
	"github.com/antiphon-music/antiphon/internal/transport/realtime"
)

// App is the program with all its parts.
type App struct {
	Config    *config.Config
	Log       *slog.Logger
	Tail      *ops.Tail // of Log
	Store     *store.Store
	Blobs     media.Blobs
	Stage     *media.Stage
	Sizes     *sizes.Cache
	Files     *file.Service
	Audit     *audit.Log
	Accounts  *account.Service
	Catalog   *catalog.Service
	Listening *listening.Service
	Presence  *presence.Service
	Chat      *chat.Service
	Panel     *panel.Service
	Realtime  *realtime.Realtime
	Schedule  *schedule.Schedule
	Metrics   *ops.Metrics

	addresses kit.Addresses
	timeouts  timeouts
}

// orphanGrace is how long content may lie about without a name: an upload has
// its content in place before its name.
const orphanGrace = time.Hour

// New builds the program and brings the database's schema up to date. It
// starts nothing: see Serve. The caller closes it.
func New(ctx context.Context, c *config.Config, log *slog.Logger) (*App, error) {
	st, err := store.Open(ctx, store.Config{URL: c.DatabaseURL()})
	if err != nil {
		return nil, err
	}
	tail := ops.NewTail()
	a := &App{
		Config: c, Log: slog.New(tail.Wrap(log.Handler())), Tail: tail, Store: st,
		Metrics: ops.NewMetrics(), timeouts: defaultTimeouts(),
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) error {
	migrated, err := a.Store.Migrate(ctx)
	if err != nil {
		return err
	}
	if len(migrated) > 0 {
		a.Log.InfoContext(ctx, "the schema was brought up to date", "migrations", migrated)
	}
	if err := a.buildMedia(); err != nil {
		return err
	}
	ids := oid.NewSource(now)
	a.Files = file.NewService(file.Config{
		Store: a.Store, Blobs: a.Blobs, Stage: a.Stage, Derived: a.Sizes,
		MaxPixels: a.Config.MaxPixels, Grace: orphanGrace, Now: now,
	})
	a.Audit = audit.New(audit.Config{Store: a.Store, Now: now})
	discovery := &catalog.Random{Sampler: a.Store, Now: now}
	a.Catalog = catalog.NewService(catalog.Config{
		Store: a.Store, Files: a.Files, Audit: a.Audit, Discovery: discovery, IDs: ids, Now: now,
	})
	discovery.Revision = a.Catalog.Revision
	a.Chat = chat.NewService(chat.Config{Store: a.Store, Audit: a.Audit, IDs: ids, Now: now})
	a.Accounts, err = account.NewService(account.Config{
		Store: a.Store, Files: a.Files, Audit: a.Audit, IDs: ids, Now: now, Log: a.Log, AdminEmail: a.Config.AdminEmail,
		Hasher: account.NewHasher(runtime.GOMAXPROCS(0)), Throttle: account.NewThrottle(now),
		Joined: a.Catalog.Changed, // the statistics count users
	})
	if err != nil {
		return err
	}
	a.Presence = presence.NewService(presence.Config{
		Accounts: a.Accounts, Store: a.Store, Registry: presence.NewMemory(), Now: now, Grace: presence.DefaultGrace,
	})
	a.Listening = listening.NewService(listening.Config{Store: a.Store, Now: now})
	a.Panel = panel.NewService(panel.Config{Store: a.Store, Now: now})
	a.Schedule = schedule.New(now, a.jobs()...)
	return a.buildRealtime()
}

func (a *App) buildRealtime() error {
	public, err := a.Config.Public()
	if err != nil {
		return err
	}
	proxies, err := a.Config.Proxies()
	if err != nil {
		return err
	}
	a.addresses = kit.Addresses{Public: public, Proxies: proxies}
	a.Realtime = realtime.New(realtime.Config{
		Accounts: a.Accounts, Chat: a.Chat, Presence: a.Presence,
		Identifier: kit.Identifier{Accounts: a.Accounts}, Addresses: a.addresses, Origins: a.Config.AllowedOrigin,
		Recoverer:      kit.Recoverer{Log: a.Log, Panicked: a.Metrics.Panicked},
		RecoveryWindow: a.Config.RecoveryWindow, RecoveryMemory: int(a.Config.RecoveryMemory), Log: a.Log,
	})
	a.Metrics.Watch("antiphon_realtime_connections", "Connected realtime clients.", a.Realtime.Connections)
	a.Metrics.Watch("antiphon_realtime_users", "Users who are online.", a.Presence.Count)
	return nil
}

func (a *App) buildMedia() error {
	dir := a.Config.MediaDir()
	blobs, err := local.New(dir)
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	a.Blobs, a.Stage = blobs, blobs.Stage()
	a.Sizes, err = sizes.New(filepath.Join(dir, "sizes"), blobs)
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	return nil
}

// Close ends what New opened, once the messages that were taken are stored.
func (a *App) Close() error {
	a.Chat.Close()
	return a.Store.Close()
}

// now is the clock of the program: in UTC and to the microsecond, which is
// what the database keeps.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
