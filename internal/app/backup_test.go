package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// reopened is the program of a fixture, opened anew.
func (f *fixture) reopened() *fixture {
	f.t.Helper()
	a, err := New(context.Background(), f.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if err := a.Close(); err != nil {
			f.t.Error(err)
		}
	})
	return &fixture{App: a, t: f.t}
}

// newLibrary is a fixture with the library of newMongoLibrary, files too.
func newLibrary(t *testing.T, engine string, messages int) *fixture {
	t.Helper()
	f := newEmpty(t, engine, nil)
	dump := newMongoLibrary(newCloudinary(t), messages).dump(t)
	if _, err := f.ImportNode(t.Context(), dump, "", ImportOptions{Media: DownloadMedia, AllowPrivate: true}); err != nil {
		t.Fatal(err)
	}
	return f
}

// A server is backed up while people write to it, and comes back on the other
// engine with everything of that moment: files, passwords, keys and second
// factors.
func TestBackup(t *testing.T) {
	for engine, other := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(engine, func(t *testing.T) {
			ctx, dir := t.Context(), t.TempDir()
			f := newLibrary(t, engine, 50)
			key := f.newKey("dora@example.com", account.Administrator)
			dora, err := f.Accounts.AuthenticateToken(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			secret, err := f.Accounts.BeginTOTP(ctx, dora, crashPassword)
			if err == nil {
				var code string
				if code, err = totp.GenerateCode(secret.Secret, time.Now()); err == nil {
					_, err = f.Accounts.ConfirmTOTP(ctx, dora, code)
				}
			}
			if err != nil {
				t.Fatal(err)
			}

			first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
			before, after := f.whileWriting(dora, func() {
				if _, err := f.Backup(ctx, first, BackupOptions{}); err != nil {
					t.Fatal(err)
				}
			})
			there := newEmpty(t, other, nil)
			if _, err := there.Restore(ctx, first, RestoreOptions{}); err != nil {
				t.Fatal(err)
			}
			there = there.reopened()
			_, files := exported(t, there.App)
			if n := int64(strings.Count(files["messages"], "meanwhile")); n < before || n > after {
				t.Errorf("%d messages came, of %d to %d", n, before, after)
			}

			s, err := f.Backup(ctx, second, BackupOptions{Base: first})
			if err != nil {
				t.Fatal(err)
			}
			if s.Contents != 0 || s.Earlier == 0 {
				t.Errorf("the second backup has %+v", s)
			}
			if _, err := there.Restore(ctx, second, RestoreOptions{}); !errs.Is(err, errs.Conflict) {
				t.Errorf("a second time: %v", err)
			}
			last := newEmpty(t, other, nil)
			if _, err := last.Restore(ctx, second, RestoreOptions{}); err != nil {
				t.Fatal(err)
			}
			last = last.reopened()
			_, want := exported(t, f.App)
			if _, got := exported(t, last.App); !reflect.DeepEqual(got, want) {
				t.Errorf("it came back as\n%v\nand was\n%v", got, want)
			}
			last.checkRestored(key, secret.Secret)
		})
	}
}

// whileWriting runs do while three conversations of an actor go on. It returns how
// many messages were acknowledged when it began, and how many there were in the end.
func (f *fixture) whileWriting(who account.Actor, do func()) (before, after int64) {
	f.t.Helper()
	ctx, stop := context.WithCancel(f.t.Context())
	defer stop()
	acknowledged := make(chan struct{}, 1<<16)
	var g errgroup.Group
	for n := range 3 {
		g.Go(func() error {
			for i := 0; ctx.Err() == nil; i++ {
				if _, err := f.Chat.Send(context.WithoutCancel(ctx), who, int64(n+1), fmt.Sprint("meanwhile ", i)); err != nil {
					return err
				}
				acknowledged <- struct{}{}
			}
			return nil
		})
	}
	for range 20 {
		<-acknowledged
	}
	before = 20 + int64(len(acknowledged))
	do()
	stop()
	if err := g.Wait(); err != nil {
		f.t.Fatal(err)
	}
	return before, 20 + int64(len(acknowledged))
}

// checkRestored signs in as somebody who was there before, and plays a song.
func (f *fixture) checkRestored(key, secret string) {
	t, h, ctx := f.t, f.handler(), f.t.Context()
	t.Helper()
	who, err := f.Accounts.AuthenticateToken(ctx, key)
	if err != nil {
		t.Fatalf("the key: %v", err)
	}
	if _, ok := f.signIn(h, "dora@example.com", "wrong"); ok {
		t.Error("any password will do")
	}
	code, err := totp.GenerateCode(secret, time.Now().Add(30*time.Second)) // one that was not used
	if err == nil {
		_, err = f.Accounts.ConfirmTOTP(ctx, who, code)
	}
	if err != nil {
		t.Errorf("the second factor: %v", err)
	}
	var songs []struct{ AudioURL string }
	answer := f.ask(h, "GET", "/api/songs", key)
	if err := json.Unmarshal(answer.Body.Bytes(), &songs); err != nil || len(songs) != 4 {
		t.Fatalf("songs %d: %s", answer.Code, answer.Body)
	}
	for _, s := range songs {
		_, path, _ := strings.Cut(s.AudioURL, "/media/")
		if got := f.ask(h, "GET", "/media/"+path, ""); got.Code != http.StatusOK || got.Body.Len() == 0 {
			t.Errorf("%s: %d", s.AudioURL, got.Code)
		}
	}
}

// restoreEnv makes the test binary restore an archive instead of running tests,
// as importEnv does. It holds an importSetup, whose dump is the archive.
const restoreEnv = "TEST_RESTORE"

// alreadyThere is what a restore says after one that was killed between the end
// of its transaction and its own.
const alreadyThere = "the database is not empty"

func restoreForTest() error {
	var s importSetup
	if err := json.Unmarshal([]byte(os.Getenv(restoreEnv)), &s); err != nil {
		return err
	}
	a, err := New(context.Background(), testConfig(s.Database, s.Dir), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = a.Restore(context.Background(), s.Dump, RestoreOptions{})
	if err != nil {
		return err
	}
	return a.Close()
}

// A restore is killed at ten points, and each time nothing is there, so that it
// can be run again, or everything, of which the next one says so.
func TestRestoreKilled(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			f := newLibrary(t, engine, 20_000)
			archive := filepath.Join(t.TempDir(), "archive")
			if _, err := f.Backup(t.Context(), archive, BackupOptions{}); err != nil {
				t.Fatal(err)
			}
			s := importSetup{storetest.URL(t, engine), t.TempDir(), archive}
			restore := func(kill time.Duration) (done bool, said string) {
				done, said = s.run(t, restoreEnv, kill, alreadyThere)
				return done || strings.Contains(said, alreadyThere), said
			}
			killed, done := 0, false
			for ; killed < 10 && !done; killed++ {
				done, _ = restore(time.Duration(rand.Int64N(int64(1500 * time.Millisecond))))
			}
			for deadline := time.Now().Add(5 * time.Minute); !done; { // PostgreSQL may take the killed one for alive a moment longer
				var out string
				if done, out = restore(time.Minute); !done && time.Now().After(deadline) {
					t.Fatal(out)
				}
			}
			c := testConfig(s.Database, s.Dir)
			c.PublicURL = "https://music.example.org"
			a, err := New(context.Background(), c, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := a.Close(); err != nil {
					t.Error(err)
				}
			}()
			_, want := exported(t, f.App)
			if _, got := exported(t, a); !reflect.DeepEqual(got, want) {
				t.Errorf("killed %d times, it came back otherwise", killed)
			}
		})
	}
}

// A copy is the same, and the server goes on with it.
func TestCopy(t *testing.T) {
	f := newLibrary(t, "sqlite", 50)
	key := f.newKey("dora@example.com", account.Editor)
	url := storetest.URL(t, "postgres")
	if _, err := Copy(t.Context(), f.Config.DatabaseURL(), url, false, nil); err != nil {
		t.Fatal(err)
	}
	moved := *f.Config
	moved.Database = url
	there := (&fixture{App: &App{Config: &moved}, t: t}).reopened()
	_, want := exported(t, f.App)
	if _, got := exported(t, there.App); !reflect.DeepEqual(got, want) {
		t.Errorf("it is\n%v\nand was\n%v", got, want)
	}
	if _, err := there.Accounts.AuthenticateToken(t.Context(), key); err != nil {
		t.Error(err)
	}
	if _, err := Copy(t.Context(), url, url, true, nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("onto itself: %v", err)
	}
	absent := filepath.Join(t.TempDir(), "absent.db")
	if _, err := Copy(t.Context(), "sqlite:"+absent, url, true, nil); err == nil {
		t.Error("from nothing: no error")
	}
	if _, err := os.Stat(absent); !os.IsNotExist(err) {
		t.Error("a database was made where there was none")
	}
}

// Secrets that are sealed with a key of the settings are not restored under
// another without a word.
func TestRestoreOtherKey(t *testing.T) {
	f := newEmpty(t, "sqlite", nil)
	f.newKey("dora@example.com", account.Editor)
	settings := *f.Config
	settings.SecretKey, settings.Data = strings.Repeat("ab", 32), t.TempDir()
	settings.Database = "sqlite:" + filepath.Join(settings.Data, "a.db")
	f = (&fixture{App: &App{Config: &settings}, t: t}).reopened()
	archive := filepath.Join(t.TempDir(), "archive")
	s, err := f.Backup(t.Context(), archive, BackupOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Header.Key != "" {
		t.Error("a key of the settings is in the archive")
	}
	other := newEmpty(t, "sqlite", nil)
	if _, err := other.Restore(t.Context(), archive, RestoreOptions{}); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "secret-key") {
		t.Errorf("error %v", err)
	}
	if _, err := other.Restore(t.Context(), archive, RestoreOptions{Force: true}); err != nil {
		t.Error(err)
	}
}
