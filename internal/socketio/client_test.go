package socketio_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/conformance"
)

// clientTests is where the tests with the official client are; setup.sh
// installs the client there.
const clientTests = "testdata/client"

// TestOfficialClient runs the tests of testdata/client with Node.js, one file at
// a time, against a server in this process.
func TestOfficialClient(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		citest.Missing(t, "Node.js is not installed: the tests with the official client are not run")
	}
	if _, err := os.Stat(filepath.Join(clientTests, "node_modules")); err != nil {
		citest.Missing(t, "the official client is not installed: run npm ci in internal/socketio/"+clientTests)
	}
	files, err := filepath.Glob(filepath.Join(clientTests, "*.test.mjs"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", clientTests, err)
	}
	url := serveClients(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			command := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", filepath.Base(file))
			command.Dir = clientTests
			command.Env = append(os.Environ(), "SOCKETIO_URL="+url)
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// serveClients starts a server with the application of the public client tests
// and the lab, and returns its URL.
func serveClients(t *testing.T) string {
	config := conformance.ClientConfig()
	config.Engine.PingInterval = 100 * time.Millisecond // so that a test sees several
	config.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	config.Engine.Log = config.Log
	server := socketio.NewServer(config)
	conformance.Client(server, config.Log)
	lab(server)

	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	web := httptest.NewServer(conformance.Mount(server, nil))
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		web.Close()
	})
	return web.URL
}
