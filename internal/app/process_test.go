package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/config"
)

// serveEnv makes the test binary run a server instead of tests: a process that
// a test can kill. It holds a setup in JSON.
const (
	serveEnv = "TEST_SERVE"
	ready    = "listening on "
)

// setup is how such a server differs from that of testConfig.
type setup struct {
	Database, Dir string
	Bus           string // "" for a server that is alone
	Listen        string // "" for any free port
	// Media is a location, "" for the folder, with its keys.
	Media, MediaKey, MediaSecret string
	// Skew is by how much the clock of its machine is fast.
	Skew time.Duration
}

func TestMain(m *testing.M) {
	run := serveForTest
	switch {
	case os.Getenv(importEnv) != "":
		run = importForTest
	case os.Getenv(restoreEnv) != "":
		run = restoreForTest
	case os.Getenv(serveEnv) == "":
		os.Exit(m.Run())
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveForTest() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var s setup
	if err := json.Unmarshal([]byte(os.Getenv(serveEnv)), &s); err != nil {
		return err
	}
	c := testConfig(s.Database, s.Dir)
	c.Bus, c.Media, c.MediaKey, c.MediaSecret = s.Bus, s.Media, s.MediaKey, s.MediaSecret
	if s.Media != "" {
		c.MediaCache = 64 << 20
	}
	if s.Listen != "" {
		c.Listen = s.Listen
	}
	machine := func() time.Time { return time.Now().Add(s.Skew) }
	a, err := newApp(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, nil)), machine)
	if err != nil {
		return err
	}
	if err := a.Serve(ctx, func(addr net.Addr) error {
		_, err := fmt.Println(ready + addr.String())
		return err
	}); err != nil {
		return err
	}
	return a.Close()
}

func testConfig(database, dir string) *config.Config {
	return &config.Config{
		Listen: "127.0.0.1:0", Data: dir, Database: database, NodeAPI: true, DjangoAPI: true, WebApp: true,
		AllowedOrigin: []string{"http://localhost:3000"}, AudioLimit: 200 << 20, ImageLimit: 10 << 20,
		MaxPixels: 50_000_000, CleanEvery: time.Second, RecoveryWindow: 2 * time.Minute, RecoveryMemory: 32 << 20,
	}
}

// process is a server in a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string // "http://127.0.0.1:12345"
	log  *os.File
}

func startProcess(t *testing.T, database, dir string) *process {
	t.Helper()
	return startServer(t, setup{Database: database, Dir: dir})
}

func startServer(t *testing.T, s setup) *process {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(os.Args[0]), log: log}
	p.cmd.Env = append(os.Environ(), serveEnv+"="+string(text))
	p.cmd.Stderr = log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), ready)
	if err != nil || !ok {
		t.Fatalf("the server did not start: %v\n%s", err, p.output())
	}
	p.base = "http://" + addr
	return p
}

// kill ends the process as a power cut would; it may have ended already.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// stop ends the process as an operator would.
func (p *process) stop() {
	p.t.Helper()
	p.tellToStop()
	p.wait()
}

func (p *process) tellToStop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits until the process has ended of itself. One that does not writes
// what it is waiting for, and dies.
func (p *process) wait() {
	p.t.Helper()
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Signal(syscall.SIGQUIT) })
	defer late.Stop()
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the server did not end well: %v\n%s", err, p.output())
	}
}

func (p *process) output() string {
	text, err := os.ReadFile(p.log.Name())
	if err != nil {
		p.t.Error(err)
	}
	return string(text)
}

// filesBelow returns the files below a folder.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
