// Command conformance serves what the public test suites of Engine.IO and
// Socket.IO run against, at the addresses that they have built in:
//
//	go run ./internal/socketio/cmd/conformance --listen localhost:3000   # the protocol suites
//	go run ./internal/socketio/cmd/conformance --listen localhost:3210   # the client's tests
//
// What is served there is in the package conformance.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/conformance"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// flags is the command line. A duration of nought is the one the suite wants.
type flags struct {
	Listen         string        `default:"localhost:3000" help:"Where to serve."`
	Suite          string        `enum:"auto,protocol,client" default:"auto" help:"Whose application: the protocol suites', or that of the client's tests. auto is client on port 3210 and protocol on any other."`
	PingInterval   time.Duration `help:"Time between pings: 300ms for the protocol suites, 2s for the client's tests."`
	PingTimeout    time.Duration `help:"Time to answer a ping: 200ms for the protocol suites, 20s for the client's tests."`
	ConnectTimeout time.Duration `help:"Time to connect to a namespace: 3s for the protocol suites, 45s for the client's tests."`
	Verbose        bool          `help:"Log what clients do wrong."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var f flags
	kong.Parse(&f, kong.Name("conformance"), kong.Description("Serves the applications that the public Socket.IO test suites expect."))
	if err := run(ctx, f); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, f flags) error {
	listener, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	handler, services := build(f)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}

	group, ctx := errgroup.WithContext(ctx)
	for _, service := range services {
		group.Go(func() error { return service(ctx) })
	}
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	fmt.Printf("conformance: the %s suite at http://%s\n", f.suite(), listener.Addr())
	return group.Wait()
}

func (f flags) suite() string {
	switch {
	case f.Suite != "auto":
		return f.Suite
	case strings.HasSuffix(f.Listen, ":3210"):
		return "client"
	default:
		return "protocol"
	}
}

// build returns the suite's handler, and what has to run for it.
func build(f flags) (http.Handler, []func(context.Context) error) {
	level := slog.LevelInfo
	if f.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))

	if f.suite() == "client" {
		server := socketio.NewServer(f.override(conformance.ClientConfig(), log))
		conformance.Client(server, log)
		return conformance.Mount(server, nil), []func(context.Context) error{server.Run}
	}
	config := f.override(conformance.ProtocolConfig(), log)
	server := socketio.NewServer(config)
	conformance.Protocol(server, log)
	config.Engine.Open = conformance.Echo
	engine := engineio.NewServer(config.Engine)
	return conformance.Mount(server, engine), []func(context.Context) error{server.Run, engine.Run}
}

// override puts the durations of the command line over the suite's.
func (f flags) override(c socketio.Config, log *slog.Logger) socketio.Config {
	for given, field := range map[*time.Duration]*time.Duration{
		&f.PingInterval:   &c.Engine.PingInterval,
		&f.PingTimeout:    &c.Engine.PingTimeout,
		&f.ConnectTimeout: &c.ConnectTimeout,
	} {
		if *given > 0 {
			*field = *given
		}
	}
	c.Log, c.Engine.Log = log, log
	return c
}
