package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/transport/files"
)

// The server's deadlines are tight; uploads and streams lift them for
// themselves.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	shutdownTimeout   = 30 * time.Second // for requests that are under way
)

// Serve listens, runs everything, and returns once ctx has ended and what was
// under way is finished. ready is called with the address when clients can
// connect; it may be nil. extra runs besides, until it returns.
func (a *App) Serve(ctx context.Context, ready func(addr net.Addr), extra ...func(ctx context.Context) error) error {
	handler, err := a.Handler()
	if err != nil {
		return err
	}
	servers := []*http.Server{a.server(a.Config.Listen, handler)}
	if a.Config.MetricsListen != "" {
		mux := http.NewServeMux()
		mux.Handle("/metrics", a.Metrics.Handler())
		servers = append(servers, a.server(a.Config.MetricsListen, mux))
	}
	listeners := make([]net.Listener, len(servers))
	for i, s := range servers {
		if listeners[i], err = net.Listen("tcp", s.Addr); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		defer listeners[i].Close()
	}

	g, ctx := errgroup.WithContext(ctx)
	for i, s := range servers {
		g.Go(func() error { return serve(ctx, s, listeners[i]) })
	}
	for _, t := range a.background() {
		g.Go(func() error {
			if err := t.run(ctx); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			return nil
		})
	}
	for _, run := range extra {
		g.Go(func() error { return run(ctx) })
	}
	if ready != nil {
		ready(listeners[0].Addr())
	}
	return g.Wait()
}

func (a *App) server(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ConnContext: files.ConnContext, // lets the file server cork long answers
		ErrorLog:    slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
}

// serve answers until ctx ends, and then lets requests finish.
func serve(ctx context.Context, s *http.Server, l net.Listener) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- s.Shutdown(grace)
	}()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("requests that were under way were cut off: %w", err)
	}
	return nil
}
