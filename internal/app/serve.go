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

	"github.com/antiphon-music/antiphon/internal/transport/fastpath"
	"github.com/antiphon-music/antiphon/internal/transport/files"
)

// timeouts are the server's deadlines. They are tight; uploads and streams
// lift them for themselves.
type timeouts struct {
	readHeader time.Duration
	read       time.Duration // from the first byte of a request to the last of its body
	write      time.Duration // from the end of the header to the last byte of the answer
	idle       time.Duration // between two requests of a connection
	shutdown   time.Duration // for requests that are under way
}

func defaultTimeouts() timeouts {
	return timeouts{
		readHeader: 10 * time.Second, read: 30 * time.Second, write: 60 * time.Second,
		idle: 2 * time.Minute, shutdown: 30 * time.Second,
	}
}

// maxHeaderBytes bounds a request's line and header.
const maxHeaderBytes = 64 << 10

// Serve listens, runs everything, and returns once ctx has ended and what was
// under way is finished. ready is called with the address as soon as clients
// can connect, and what it returns ends Serve unless it is nil; ready itself
// may be nil. extra runs besides, until it returns.
func (a *App) Serve(ctx context.Context, ready func(addr net.Addr) error, extra ...func(ctx context.Context) error) error {
	servers, err := a.servers()
	if err != nil {
		return err
	}
	// What is stored from now on is told to those who connect.
	if err := a.Chat.CatchUp(ctx); err != nil {
		return err
	}
	listeners := make([]net.Listener, len(servers))
	for i, s := range servers {
		if listeners[i], err = net.Listen("tcp", s.Addr); err != nil {
			return err // it names the address
		}
		defer listeners[i].Close()
	}
	if ready != nil {
		if err := ready(listeners[0].Addr()); err != nil {
			return err
		}
	}

	stopBus := a.startBus(ctx)
	defer stopBus()
	g, ctx := errgroup.WithContext(ctx)
	for i, s := range servers {
		g.Go(func() error { return a.serve(ctx, s, listeners[i]) })
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
	return g.Wait()
}

// servers returns the main server and, if it has an address of its own, that
// of the metrics.
func (a *App) servers() ([]*server, error) {
	handler, err := a.Handler()
	if err != nil {
		return nil, err
	}
	list := []*server{a.server(a.Config.Listen, handler)}
	list[0].RegisterOnShutdown(a.Tail.Close) // those who read the log would never leave by themselves
	if a.Config.MetricsListen != "" {
		mux := http.NewServeMux()
		mux.Handle("/metrics", a.Metrics.Handler())
		list = append(list, a.server(a.Config.MetricsListen, mux))
	}
	return list, nil
}

// A server has a path for the requests that come again.
type server struct {
	*http.Server
	path *fastpath.Path
}

func (a *App) server(addr string, h http.Handler) *server {
	path := fastpath.New(h, fastpath.Timeouts{ReadHeader: a.timeouts.readHeader, Idle: a.timeouts.idle, Write: a.timeouts.write})
	return &server{&http.Server{
		Addr: addr, Handler: path,
		ReadHeaderTimeout: a.timeouts.readHeader, ReadTimeout: a.timeouts.read, WriteTimeout: a.timeouts.write,
		IdleTimeout: a.timeouts.idle, MaxHeaderBytes: maxHeaderBytes,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return path.ConnContext(files.ConnContext(ctx, c), c) // the former lets the file server cork long answers
		},
		ConnState: path.ConnState,
		ErrorLog:  slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}, path}
}

// serve answers until ctx ends, and then lets requests finish.
func (a *App) serve(ctx context.Context, s *server, l net.Listener) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.timeouts.shutdown)
		defer cancel()
		err := s.Shutdown(grace)
		if err == nil {
			err = s.path.Drain(grace)
		}
		if err != nil {
			err = errors.Join(err, s.Close())
		}
		stopped <- err
	}()
	if err := s.Serve(s.path.Listener(l)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("requests that were under way were cut off: %w", err)
	}
	return nil
}
