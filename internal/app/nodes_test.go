package app

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/nats/natsserver"
	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store/pgserver"
)

// outside is the database and the bus of several nodes, which a test may stop.
type outside struct {
	t        *testing.T
	postgres *pgserver.Server
	database string
	bus      string
	// cut takes the bus away and restore gives it back.
	cut, restore func() error
}

// eachBus runs a test over each engine of a bus. The database is its own.
func eachBus(t *testing.T, test func(t *testing.T, o *outside)) {
	for _, engine := range []string{config.BusPostgres, config.BusNATS} {
		t.Run(engine, func(t *testing.T) { test(t, newOutside(t, engine)) })
	}
}

func newOutside(t *testing.T, engine string) *outside {
	t.Helper()
	p, err := pgserver.Start("fsync=off")
	if err != nil {
		citest.Missing(t, "this test needs PostgreSQL: "+err.Error())
	}
	o := &outside{t: t, postgres: p, bus: config.BusPostgres, cut: p.Kill, restore: p.Resume}
	if o.database, err = p.CreateDatabase("antiphon"); err != nil {
		t.Fatal(err)
	}
	if engine == config.BusNATS {
		n, err := natsserver.Start()
		if err != nil {
			citest.Missing(t, "this test needs nats-server: "+err.Error())
		}
		o.bus, o.cut, o.restore = n.URL, n.Kill, n.Resume
	}
	return o
}

// member is one of several programs in this process.
type member struct {
	*fixture
	base string
	stop func() error
}

// fixtureOf returns a node that does not serve yet. The first makes the people.
func (o *outside) fixtureOf(first *fixture) *fixture {
	o.t.Helper()
	c := testConfig(o.database, o.t.TempDir())
	c.Bus = o.bus
	a, err := New(context.Background(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = a.Close() })
	f := &fixture{App: a, t: o.t}
	if first == nil {
		f.adminKey, f.userKey = f.newKey("admin@example.org", account.Administrator), f.newKey("user@example.org", account.Member)
	} else {
		f.adminKey, f.userKey = first.adminKey, first.userKey
	}
	return f
}

// process starts a node in a process of its own.
func (o *outside) process() *process {
	return startServer(o.t, setup{Database: o.database, Dir: o.t.TempDir(), Bus: o.bus})
}

// nodes starts some nodes and returns once they know each other.
func (o *outside) nodes(n int) []*member {
	o.t.Helper()
	var list []*member
	joined := make(chan struct{}, n*n)
	for i := range n {
		var first *fixture
		if i > 0 {
			first = list[0].fixture
		}
		f := o.fixtureOf(first)
		f.Cluster.OnJoin(func(cluster.Member) {
			select {
			case joined <- struct{}{}:
			default: // a later one, for which nobody waits
			}
		})
		addr, stop := f.start()
		list = append(list, &member{f, "http://" + addr, stop})
	}
	for range n * (n - 1) {
		await(o.t, joined, "the nodes do not meet")
	}
	return list
}

func await[T any](t *testing.T, c <-chan T, otherwise string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatal(otherwise)
	}
	return v
}

// get asks a node as a client does, with a key.
func get(t *testing.T, target, key string) (status int, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := httpClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header
}

// eventually asks until the status comes. Any other must be one of those
// allowed before.
func eventually(t *testing.T, target, key string, want int, before ...int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		status, header := get(t, target, key)
		if status == want {
			return
		}
		allowed := false
		for _, b := range before {
			allowed = allowed || status == b
		}
		if status == http.StatusServiceUnavailable {
			comesBack(t, target, header)
		}
		if !allowed || time.Now().After(deadline) {
			t.Fatalf("%s: %d, want %d", target, status, want)
		}
	}
}

// comesBack fails unless an answer says when to come back.
func comesBack(t *testing.T, what string, header http.Header) {
	t.Helper()
	if wait, err := strconv.Atoi(header.Get("Retry-After")); err != nil || wait < 1 || wait > 10 {
		t.Errorf("%s: Retry-After is %q", what, header.Get("Retry-After"))
	}
}

const whoAmI = "/api/auth/user/"

// What one node changes counts at the others, also after the bus was away; and
// while it is.
func TestNodesHearOfChanges(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		n := o.nodes(2)
		ctx := t.Context()
		a, b := n[0], n[1]
		switchUser := func(on bool) {
			t.Helper()
			u, err := a.Accounts.UserByEmail(ctx, account.Operator(), "user@example.org")
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Accounts.SetActive(ctx, account.Operator(), u.ID, on); err != nil {
				t.Fatal(err)
			}
		}
		toAndFro := func() {
			t.Helper()
			eventually(t, b.base+whoAmI, b.userKey, http.StatusOK)
			switchUser(false)
			eventually(t, b.base+whoAmI, b.userKey, http.StatusUnauthorized, http.StatusOK)
			switchUser(true)
			eventually(t, b.base+whoAmI, b.userKey, http.StatusOK, http.StatusUnauthorized)
		}
		toAndFro()
		if err := o.cut(); err != nil {
			t.Fatal(err)
		}
		if o.bus != config.BusPostgres {
			toAndFro() // the database alone tells it
		}
		if err := o.restore(); err != nil {
			t.Fatal(err)
		}
		toAndFro()
	})
}

// The bus itself tells of a change, before anybody looks.
func TestRevisionsGoOverTheBus(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		a := o.fixtureOf(nil)
		b := o.fixtureOf(a)
		for _, f := range []*fixture{b, a} {
			connected := make(chan struct{}, 10)
			f.Bus.OnGap(func() { connected <- struct{}{} })
			t.Cleanup(f.startBus(t.Context()))
			await(t, connected, "the bus does not connect")
		}
		// A node that was heard in the midst of what it says is a gap as well.
		heard := make(chan struct{}, 100)
		b.Bus.Subscribe("test", func(bus.Message) { heard <- struct{}{} })
		a.publish("test", nil)
		await(t, heard, "the nodes do not hear each other")
		select {
		case <-b.revised: // of a gap
		default:
		}
		if err := a.Accounts.SetPassword(t.Context(), account.Operator(), 1, "another-horse-8"); err != nil {
			t.Fatal(err)
		}
		await(t, b.revised, "the other node does not hear of it")
	})
}

// Guesses at one node count at the others.
func TestNodesShareTheThrottle(t *testing.T) {
	o := newOutside(t, config.BusNATS)
	n := o.nodes(2)
	// guesses returns how many wrong passwords a node takes before it slows down.
	guesses := func(n *member) (taken int) {
		t.Helper()
		for range 1000 {
			_, _, err := n.Accounts.Login(t.Context(), account.Login{Email: "user@example.org", Password: "wrong-horse-9", Addr: "10.0.0.1"})
			if errs.Is(err, errs.RateLimited) {
				return taken
			}
			taken++
		}
		t.Fatal("guessing is not slowed down")
		return 0
	}
	alone := guesses(n[0])
	if more := guesses(n[1]); more > alone/2 { // some may pass before the last are heard of
		t.Errorf("after %d guesses at one node the other takes %d more", alone, more)
	}
}

// While the database is away every request is answered with 503 and when to
// come back; nobody has to do anything for it to go on afterwards.
func TestDatabaseAway(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		n := o.nodes(2)
		paths := []string{"/api/songs/", "/api/albums", "/web/api/session", "/admin/api/dashboard", whoAmI}
		for _, n := range n {
			for _, path := range paths {
				eventually(t, n.base+path, n.adminKey, http.StatusOK)
			}
		}
		if err := o.postgres.Stop(); err != nil {
			t.Fatal(err)
		}
		for _, n := range n {
			// Whatever was not asked before, and so is in no cache.
			for _, path := range []string{"/api/songs/?page=7&page_size=3", "/api/albums/000000000000000000000001", "/admin/api/users"} {
				status, header := get(t, n.base+path, n.adminKey)
				if status != http.StatusServiceUnavailable {
					t.Errorf("%s: %d without a database", path, status)
					continue
				}
				comesBack(t, path, header)
			}
		}
		if err := o.postgres.Resume(); err != nil {
			t.Fatal(err)
		}
		for _, n := range n {
			for _, path := range paths {
				eventually(t, n.base+path, n.adminKey, http.StatusOK, http.StatusServiceUnavailable)
			}
		}
		for _, n := range n { // nobody is taken for dead who was only cut off
			if got := len(n.Cluster.Members()); got != 2 {
				t.Errorf("%d members after the outage", got)
			}
		}
	})
}

// The others learn when a node is killed, and when one leaves.
func TestNodeKilled(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		a := o.fixtureOf(nil)
		joined, gone := make(chan string, 10), make(chan string, 10)
		a.Cluster.OnJoin(func(m cluster.Member) { joined <- m.ID })
		a.Cluster.OnGone(func(m cluster.Member) { gone <- m.ID })
		a.start()
		for name, end := range map[string]func(*process){"killed": (*process).kill, "stopped": (*process).stop} {
			p := o.process()
			came := await(t, joined, "no node comes")
			end(p)
			if left := await(t, gone, name+": the node does not go"); left != came {
				t.Errorf("%s: %s is gone, %s came", name, left, came)
			}
		}
	})
}
