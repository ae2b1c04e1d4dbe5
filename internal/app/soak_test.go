package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// Many people chat, come and go and lose their connections, and the server is
// killed under them. What it acknowledged must be in the history once and in
// order, and must have reached whoever was there.
//
// This is the short form; `make soak` runs the long one, for as long as
// ANTIPHON_SOAK says.
func TestSoak(t *testing.T) {
	form, engines := shortSoak, []string{"sqlite"}
	if text := os.Getenv("ANTIPHON_SOAK"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			t.Fatalf("ANTIPHON_SOAK is %q: it has to be a duration such as 5m", text)
		}
		form, engines = longSoak, storetest.Engines()
		form.duration = d
	}
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			s := newSoak(t, storetest.URL(t, engine), form)
			p := s.run()
			s.checkFootprint()
			s.checkHistory()
			s.checkDeliveries()
			http.DefaultClient.CloseIdleConnections() // the server would wait for them
			p.stop()
		})
	}
}

// soakForm says how much there is of everything. What people do again and
// again, they do after random times with these means.
type soakForm struct {
	duration      time.Duration
	people, kills int
	stay, away    time.Duration // with a connection, and without one
	talk, mood    time.Duration // between bursts of messages, and between activities
}

var (
	shortSoak = soakForm{
		duration: 8 * time.Second, people: 200, kills: 1,
		stay: 2 * time.Second, away: 300 * time.Millisecond, talk: time.Second, mood: 5 * time.Second,
	}
	longSoak = soakForm{
		people: 2000, kills: 2,
		stay: 30 * time.Second, away: 3 * time.Second, talk: 8 * time.Second, mood: 2 * time.Minute,
	}
)

// patience is how long anything may take that the server has to do.
const patience = time.Minute

// soak is one run.
type soak struct {
	t *testing.T
	soakForm
	database, dir string
	admin         string // the key of somebody who may see the metrics
	people        []*soaker
	began         time.Time

	address  atomic.Pointer[string] // where the server is; nil while there is none
	killed   atomic.Int64           // how often it was killed
	fresh    footprint              // of the present server before anybody came
	over     chan struct{}          // closed when nobody is to write any more
	settled  sync.WaitGroup         // those who still write, or wait for acknowledgements
	failures atomic.Int64
}

func newSoak(t *testing.T, database string, form soakForm) *soak {
	s := &soak{t: t, soakForm: form, database: database, dir: t.TempDir(), over: make(chan struct{})}
	ctx := t.Context()
	a, err := New(ctx, testConfig(database, s.dir), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ids := oid.NewSource(now)
	// Past the service, which would take the time to hash thousands of passwords.
	add := func(ctx context.Context, name string, admin bool) (u account.User, key string, err error) {
		u, err = a.Store.InsertUser(ctx, account.User{
			OID: ids.New(), ExternalID: "user_" + name, Email: name + "@example.org", Verified: true,
			FullName: name, Active: true, Admin: admin, Joined: now(), Updated: now(),
		}, "no password")
		if err == nil {
			key, err = a.Accounts.IssueToken(ctx, u.ID, "soak")
		}
		return u, key, err
	}
	if err := a.Store.InTx(ctx, func(ctx context.Context) error {
		if _, s.admin, err = add(ctx, "admin", true); err != nil {
			return err
		}
		for i := range form.people {
			u, key, err := add(ctx, fmt.Sprint(i), false)
			if err != nil {
				return err
			}
			s.people = append(s.people, newSoaker(s, i, u.ExternalID, key))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// run lets everybody loose, and returns the last server when all are gone.
func (s *soak) run() *process {
	s.began = time.Now()
	p := s.serve()
	var everybody sync.WaitGroup
	s.settled.Add(len(s.people))
	for _, c := range s.people {
		everybody.Go(c.run)
	}
	for range s.kills {
		<-time.After(s.duration / time.Duration(s.kills+1))
		s.killed.Add(1)
		s.address.Store(nil)
		p.kill()
		p = s.serve()
	}
	<-time.After(s.duration / time.Duration(s.kills+1))
	close(s.over)
	everybody.Wait()
	return p
}

// serve starts a server over what the last one left.
func (s *soak) serve() *process {
	p := startProcess(s.t, s.database, s.dir)
	s.fresh = s.footprint(p.base)
	s.address.Store(&p.base)
	return p
}

// clock is the time since the run began.
func (s *soak) clock() time.Duration { return time.Since(s.began) }

// mostFailures is how many failures are printed one by one.
const mostFailures = 30

// fail reports a failure, unless there are many already.
func (s *soak) fail(format string, args ...any) {
	switch n := s.failures.Add(1); {
	case n <= mostFailures:
		s.t.Errorf(format, args...)
	case n == mostFailures+1:
		s.t.Error("and more failures")
	}
}
