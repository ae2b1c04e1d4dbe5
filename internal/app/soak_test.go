package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
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
			s.run(s.kill)
			s.check()
		})
	}
}

// soakForm says how much there is of everything. What people do again and
// again, they do after random times with these means.
type soakForm struct {
	duration      time.Duration
	people, kills int
	nodes         int           // 0 is a single server
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
	adminID       int64
	people        []*soaker
	began         time.Time

	servers []*soakServer
	front   *soakServer  // the proxy before them; nil if there is none
	shaken  atomic.Int64 // when one of them last came or ended, on the clock

	excused  atomic.Int64   // until when, on the clock, failures are the fault of an outage
	over     chan struct{}  // closed when nobody is to write any more
	settled  sync.WaitGroup // those who still write, or wait for acknowledgements
	seen     chan struct{}  // closed when whoever is still there may go
	failures atomic.Int64
}

// soakServer is one of the servers, or the only one, and those that came in its
// place when it was killed; or the proxy, which is as mortal as what is behind it.
type soakServer struct {
	setup
	process *process
	fresh   footprint              // before anybody came
	address atomic.Pointer[string] // nil while it is dead
	killed  atomic.Int64           // how often it was killed
}

func newSoak(t *testing.T, database string, form soakForm) *soak {
	s := &soak{t: t, soakForm: form, database: database, dir: t.TempDir(), over: make(chan struct{}), seen: make(chan struct{})}
	for i := range max(1, form.nodes) {
		s.servers = append(s.servers, &soakServer{setup: setup{Database: database, Dir: filepath.Join(s.dir, fmt.Sprint(i))}})
	}
	ctx := t.Context()
	a, err := New(ctx, testConfig(database, s.dir), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ids := oid.NewSource(a.now)
	// Past the service, which would take the time to hash thousands of passwords.
	add := func(ctx context.Context, name string, admin bool) (u account.User, key string, err error) {
		u, err = a.Store.InsertUser(ctx, account.User{
			OID: ids.New(), ExternalID: "user_" + name, Email: name + "@example.org", Verified: true,
			FullName: name, Active: true, Admin: admin, Joined: a.now(), Updated: a.now(),
		}, "no password")
		if err == nil {
			key, err = a.Accounts.IssueToken(ctx, u.ID, "soak")
		}
		return u, key, err
	}
	if err := a.Store.InTx(ctx, func(ctx context.Context) error {
		u, key, err := add(ctx, "admin", true)
		if err != nil {
			return err
		}
		s.admin, s.adminID = key, u.ID
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

// run lets everybody loose, does the harm, and returns when all are gone.
func (s *soak) run(harm func()) {
	s.began = time.Now()
	for _, v := range s.servers {
		s.serve(v)
	}
	var everybody sync.WaitGroup
	s.settled.Add(len(s.people))
	for _, c := range s.people {
		everybody.Go(c.run)
	}
	harm()
	close(s.over)
	s.settled.Wait()
	s.checkPresence()
	close(s.seen)
	everybody.Wait()
}

// kill kills the server now and then.
func (s *soak) kill() {
	for range s.kills {
		<-time.After(s.duration / time.Duration(s.kills+1))
		s.end(s.servers[0], (*process).kill)
		s.serve(s.servers[0])
	}
	<-time.After(s.duration / time.Duration(s.kills+1))
}

// end ends a server, one way or another.
func (s *soak) end(v *soakServer, how func(*process)) {
	v.killed.Add(1)
	s.shaken.Store(int64(s.clock()))
	if s.front != nil {
		s.front.killed.Add(1)
	}
	v.address.Store(nil)
	how(v.process)
}

// serve starts a server over what the last one left.
func (s *soak) serve(v *soakServer) {
	v.process = startServer(s.t, v.setup)
	v.fresh = s.footprint(v.process.base)
	v.address.Store(&v.process.base)
	s.shaken.Store(int64(s.clock()))
}

// check looks at what came of it all, and ends the servers.
func (s *soak) check() {
	s.checkFootprint()
	s.checkHistory()
	s.checkDeliveries()
	http.DefaultClient.CloseIdleConnections() // the servers would wait for them
	for _, v := range s.servers {
		v.process.stop()
	}
}

// base returns where the first of the servers is, at the end.
func (s *soak) base() string { return *s.servers[0].address.Load() }

// excuse has failures be nobody's until so long from now.
func (s *soak) excuse(d time.Duration) { s.excused.Store(int64(s.clock() + d)) }

func (s *soak) isExcused() bool { return s.clock() < time.Duration(s.excused.Load()) }

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
