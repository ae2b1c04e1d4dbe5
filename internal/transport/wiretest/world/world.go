// Package world builds a whole server without its HTTP: a fresh database, the
// services over it, and a few people, for the tests of the dialects.
package world

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/secret"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// Password is everybody's password.
const Password = "Str0ngPass!42"

// MaxPixels is the largest image that the world accepts.
const MaxPixels = 50_000_000

// World is what a dialect is mounted on.
type World struct {
	Store     *store.Store
	Files     *file.Service
	Audit     *audit.Log
	Accounts  *account.Service
	Catalog   *catalog.Service
	Listening *listening.Service
	Chat      *chat.Service
	Presence  *presence.Service
	Blobs     media.Blobs
	Stage     *media.Stage
	Mails     *Mails
	Clock     *Clock
	Log       *slog.Logger

	stageDir string
}

// New builds a world on the engine, "sqlite" or "postgres", and takes it down
// when the test ends. The clock starts at 2026-11-22T14:08:32.515170Z. Edits are
// made to the settings of the accounts.
func New(t testing.TB, engine string, edits ...func(*account.Config)) *World {
	t.Helper()
	dir := t.TempDir()
	blobs, err := local.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := sizes.New(filepath.Join(dir, "sizes"), blobs)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{
		Store: storetest.Open(t, engine),
		Blobs: blobs,
		Stage: blobs.Stage(),
		Mails: &Mails{},
		Clock: &Clock{now: time.Date(2026, 11, 22, 14, 8, 32, 515_170_000, time.UTC)},
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),

		stageDir: filepath.Join(dir, "staging"),
	}
	ids := oid.NewSource(w.Clock.Now)
	w.Files = file.NewService(file.Config{
		Store: w.Store, Blobs: blobs, Stage: w.Stage, Derived: cache,
		MaxPixels: MaxPixels, Grace: time.Hour, Now: w.Clock.Now,
	})
	w.Audit = audit.New(audit.Config{Store: w.Store, Now: w.Clock.Now})
	w.Chat = chat.NewService(chat.Config{Store: w.Store, Audit: w.Audit, IDs: ids, Now: w.Clock.Now, Log: w.Log})
	discovery := &catalog.Random{Sampler: w.Store, Now: w.Clock.Now}
	w.Catalog = catalog.NewService(catalog.Config{
		Store: w.Store, Files: w.Files, Audit: w.Audit, Discovery: discovery, IDs: ids, Now: w.Clock.Now,
	})
	discovery.Revision = w.Catalog.Revision
	w.Listening = listening.NewService(listening.Config{Store: w.Store, Now: w.Clock.Now})
	accounts := account.Config{
		Keys: Keys(), Store: w.Store, Files: w.Files, Audit: w.Audit, IDs: ids, Now: w.Clock.Now, Log: w.Log,
		Hasher: account.NewFastHasher(), Throttle: account.NewThrottle(w.Clock.Now),
		Joined: w.Catalog.Changed, Mailer: w.Mails, News: true,
	}
	for _, edit := range edits {
		edit(&accounts)
	}
	w.Accounts = account.NewService(accounts)
	w.Presence = presence.NewService(presence.Config{
		Accounts: w.Accounts, Store: w.Store, Now: w.Clock.Now,
	})
	return w
}

// Keys returns the keys of all worlds.
func Keys() *secret.Keys {
	k, err := secret.New(make([]byte, secret.KeySize))
	if err != nil {
		panic(err) // only a wrong length is an error
	}
	return k
}

// AddUser makes a user, as the operator would, with a token, and returns both.
func (w *World) AddUser(t testing.TB, email, fullName string, admin bool) (account.User, string) {
	t.Helper()
	ctx := context.Background()
	role := account.Member
	if admin {
		role = account.Administrator
	}
	u, err := w.Accounts.Create(ctx, account.Operator(), account.NewUser{
		Email: email, FullName: fullName, Password: Password, Verified: true, Role: role,
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := w.Accounts.IssueToken(ctx, u.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	return u, key
}

// Staged returns how many uploads wait on the stage: none, once every request
// is answered.
func (w *World) Staged(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir(w.stageDir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// Upload puts a file on the stage.
func (w *World) Upload(t testing.TB, content io.Reader, filename string) file.Upload {
	t.Helper()
	staged, err := w.Stage.Receive(context.Background(), content, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(staged.Discard)
	return file.Upload{Staged: staged, Filename: filename}
}

// Mails are the mails that wait, which nobody sends.
type Mails struct {
	mu   sync.Mutex
	jobs []account.MailJob
}

// Queue implements account.Mailer.
func (m *Mails) Queue(_ context.Context, j account.MailJob) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs = append(m.jobs, j)
	return nil
}

// Take returns the mails that wait, the oldest first, and forgets them.
func (m *Mails) Take() []account.MailJob {
	m.mu.Lock()
	defer m.mu.Unlock()
	jobs := m.jobs
	m.jobs = nil
	return jobs
}

// Clock is a clock that moves a millisecond on at each look, so that no two
// things happen at once.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Set makes it a little before t: the next look sees t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.Add(-time.Millisecond)
}
