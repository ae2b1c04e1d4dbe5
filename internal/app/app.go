// Package app puts the program together: it builds every part from the
// configuration, connects them, and runs them until it is told to stop.
package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/mail"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/copies"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/secret"
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
	Clock     *store.Clock
	Bus       bus.Bus
	Cluster   *cluster.Cluster
	Blobs     media.Blobs
	Stage     *media.Stage
	Sizes     *sizes.Cache
	Copies    *copies.Cache // of media that are far away; nil for none
	Files     *file.Service
	Audit     *audit.Log
	Accounts  *account.Service
	Catalog   *catalog.Service
	Listening *listening.Service
	Presence  *presence.Service
	Chat      *chat.Service
	Panel     *panel.Service
	Realtime  *realtime.Realtime
	Jobs      *jobs.Service
	Metrics   *ops.Metrics

	keys      *secret.Keys
	letters   *mail.Writer
	mails     mail.Sender
	throttle  *account.Throttle
	peers     *peers        // nil if the node is alone
	people    *presenceLink // likewise
	heard     *heardQueue   // of the chat; likewise
	revised   chan struct{} // holds one item when another node has written
	addresses kit.Addresses
	urls      kit.MediaURLs
	timeouts  timeouts
}

// orphanGrace is how long content may lie about without a name: an upload has
// its content in place before its name.
const orphanGrace = time.Hour

// New builds the program and brings the database's schema up to date. It
// starts nothing: see Serve. The caller closes it.
func New(ctx context.Context, c *config.Config, log *slog.Logger) (*App, error) {
	return newApp(ctx, c, log, time.Now)
}

// newApp is New on a machine whose clock is its own.
func newApp(ctx context.Context, c *config.Config, log *slog.Logger, machine func() time.Time) (*App, error) {
	st, err := store.Open(ctx, store.Config{URL: c.DatabaseURL()})
	if err != nil {
		return nil, err
	}
	tail := ops.NewTail()
	a := &App{
		Config: c, Log: slog.New(tail.Wrap(log.Handler())), Tail: tail, Store: st, Clock: st.NewClock(machine),
		Metrics: ops.NewMetrics(), timeouts: defaultTimeouts(),
		revised: make(chan struct{}, 1),
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
	if err := a.Clock.Measure(ctx); err != nil {
		return err
	}
	if err := a.buildCluster(); err != nil {
		return err
	}
	if err := a.buildMedia(); err != nil {
		return err
	}
	if err := a.buildMail(); err != nil {
		return err
	}
	a.Jobs = jobs.NewService(jobs.Config{
		Store: a.Store, Now: a.now, Log: a.Log, Node: a.Config.NodeName(), Kinds: a.kinds(),
	})
	ids := oid.NewSource(a.now)
	a.Files = file.NewService(file.Config{
		Store: a.Store, Blobs: a.Blobs, Stage: a.Stage, Derived: a.Sizes,
		MaxPixels: a.Config.MaxPixels, Grace: orphanGrace, Now: a.now, Named: a.deriveLater,
	})
	a.Audit = audit.New(audit.Config{Store: a.Store, Now: a.now})
	discovery := &catalog.Random{Sampler: a.Store, Now: a.now}
	a.Catalog = catalog.NewService(catalog.Config{
		Store: a.Store, Files: a.Files, Audit: a.Audit, Discovery: discovery, IDs: ids, Now: a.now,
	})
	discovery.Revision = a.Catalog.Revision
	a.Chat = chat.NewService(chat.Config{Store: a.Store, Audit: a.Audit, IDs: ids, Now: a.now, Log: a.Log})
	if a.keys, err = a.Config.Keys(); err != nil {
		return err
	}
	outside, err := a.buildClerk()
	if err != nil {
		return err
	}
	if err := a.buildURLs(a.keys); err != nil {
		return err
	}
	a.throttle = account.NewThrottle(a.now)
	a.Accounts = account.NewService(account.Config{
		Store: a.Store, Files: a.Files, Audit: a.Audit, IDs: ids, Now: a.now, Log: a.Log, AdminEmail: a.Config.AdminEmail,
		AdminFactor: a.Config.AdminFactor, Keys: a.keys, Mailer: mailQueue{a.Jobs}, News: a.Config.SMTPURL != "",
		Hasher: account.NewHasher(runtime.GOMAXPROCS(0)), Throttle: a.throttle,
		Outside: outside, Policy: a.policy(),
		Joined: a.Catalog.Changed, // the statistics count users
	})
	a.Presence = presence.NewService(presence.Config{
		Accounts: a.Accounts, Store: a.Store, Now: a.now, Grace: presence.DefaultGrace,
	})
	a.Listening = listening.NewService(listening.Config{Store: a.Store, Now: a.now})
	a.Panel = panel.NewService(panel.Config{Store: a.Store, Now: a.now})
	a.connectCluster()
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
	c := realtime.Config{
		Accounts: a.Accounts, Chat: a.Chat, Presence: a.Presence,
		Identifier: a.identifier(), Addresses: a.addresses, Origins: a.Config.AllowedOrigin,
		Recoverer:      kit.Recoverer{Log: a.Log, Panicked: a.Metrics.Panicked},
		RecoveryWindow: a.Config.RecoveryWindow, RecoveryMemory: int(a.Config.RecoveryMemory), Log: a.Log,
	}
	if a.peers != nil {
		c.Peers = a.peers
	}
	a.Realtime = realtime.New(c)
	a.Metrics.Watch("antiphon_realtime_connections", "Connected realtime clients.", a.Realtime.Connections)
	a.Metrics.Watch("antiphon_realtime_users", "Users who are online, on all nodes.", a.Presence.Count)
	return nil
}

// Close ends what New opened, once the messages that were taken are stored.
func (a *App) Close() error {
	a.Chat.Close()
	if a.Copies != nil {
		a.Copies.Close()
	}
	return a.Store.Close()
}

// now is the clock of the program: the database's, in UTC and to the
// microsecond, so that all nodes agree on the time.
func (a *App) now() time.Time { return a.Clock.Now() }
