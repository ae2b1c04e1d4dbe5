package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// clientTests is where the tests with the official client are; setup.sh
// installs the client there.
const clientTests = "testdata/client"

// browserTest is the one that needs a browser.
const browserTest = "browser.test.mjs"

// TestOfficialClient runs the tests of testdata/client with Node.js, one file at
// a time, each against a server of its own.
func TestOfficialClient(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		citest.Missing(t, "Node.js is not installed: the tests with the official client are not run")
	}
	if _, err := os.Stat(filepath.Join(clientTests, "node_modules")); err != nil {
		citest.Missing(t, "the official client is not installed: run npm ci in internal/app/"+clientTests)
	}
	files, err := filepath.Glob(filepath.Join(clientTests, "*.test.mjs"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", clientTests, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			env := os.Environ()
			if name == browserTest {
				chromium, err := exec.LookPath("chromium")
				if err != nil {
					citest.Missing(t, "Chromium is not installed: the tests in a browser are not run")
				}
				env = append(env, "ANTIPHON_CHROMIUM="+chromium)
			}
			l := newLab(t)
			command := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", name)
			command.Dir = clientTests
			command.Env = append(env, "ANTIPHON_URL="+l.url, "ANTIPHON_CONTROL="+l.control)
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, out, l.server.output())
			}
			l.server.stop()
		})
	}
}

// lab is a server behind a network that can be cut, and a page of a foreign
// origin that takes orders to do so.
type lab struct {
	t             *testing.T
	url, control  string // of the server, and of the orders
	database, dir string

	orders sync.Mutex // one at a time; guards server
	server *process

	mu      sync.Mutex
	backend string // the server's address; "" while the way there is not open
	conns   map[net.Conn]struct{}
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, database: storetest.URL(t, "sqlite"), dir: t.TempDir(), conns: map[net.Conn]struct{}{}}
	network, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		network.Close()
		l.cut("")
	})
	go l.forward(network)
	l.url = "http://" + network.Addr().String()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Somewhere else</title>")
	})
	mux.HandleFunc("POST /{order}", l.take)
	control := httptest.NewServer(mux)
	t.Cleanup(control.Close)
	l.control = control.URL

	l.server = startProcess(t, l.database, l.dir)
	l.cut(l.address())
	return l
}

// address is where the server listens.
func (l *lab) address() string { return l.server.base[len("http://"):] }

// take carries out an order. The answer is where the server can be reached
// whether the way there is open or not.
func (l *lab) take(w http.ResponseWriter, r *http.Request) {
	l.orders.Lock()
	defer l.orders.Unlock()
	var err error
	switch r.PathValue("order") {
	case "stop": // as a power cut would
		l.cut("")
		l.server.kill()
	case "start":
		l.server = startProcess(l.t, l.database, l.dir)
	case "cut":
		l.cut("")
	case "open":
		l.cut(l.address())
	case "deactivate":
		err = l.deactivate(r.Context(), r.FormValue("id"))
	default:
		err = fmt.Errorf("no order is called %q", r.PathValue("order"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, _ = io.WriteString(w, l.server.base)
}

// deactivate does what the command line does, which is a process besides the
// server's.
func (l *lab) deactivate(ctx context.Context, id string) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return err
	}
	a, err := New(ctx, testConfig(l.database, l.dir), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if err := a.Accounts.SetActive(ctx, account.Operator(), n, false); err != nil {
		_ = a.Close() // the first error tells more
		return err
	}
	return a.Close()
}

// cut ends all connections. From then on new ones go to the address, or if it
// is "" nowhere.
func (l *lab) cut(backend string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.backend = backend
	for conn := range l.conns {
		conn.Close()
	}
}

// forward carries connections to the server.
func (l *lab) forward(network net.Listener) {
	for {
		conn, err := network.Accept()
		if err != nil {
			return // the test is over
		}
		go l.carry(conn)
	}
}

func (l *lab) carry(near net.Conn) {
	defer l.hold(near)()
	l.mu.Lock()
	backend := l.backend
	l.mu.Unlock()
	if backend == "" {
		return
	}
	far, err := net.Dial("tcp", backend)
	if err != nil {
		return
	}
	defer l.hold(far)()
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			_, _ = io.Copy(way[0], way[1]) // however it ends, it has ended
			ended <- struct{}{}
		}()
	}
	<-ended
}

// hold has a connection closed by the next cut, or by the function it returns.
func (l *lab) hold(conn net.Conn) (release func()) {
	l.mu.Lock()
	l.conns[conn] = struct{}{}
	l.mu.Unlock()
	return func() {
		conn.Close()
		l.mu.Lock()
		delete(l.conns, conn)
		l.mu.Unlock()
	}
}
