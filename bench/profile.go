package main

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
)

// profiles runs the server inside this process and writes a CPU profile of it
// under each load of the parts api and stream that is wanted. The load
// generator is in the profiles too: pprof's -focus and -ignore tell them apart.
func (b *bench) profiles(ctx context.Context) error {
	if err := os.MkdirAll(b.profile, 0o755); err != nil {
		return err
	}
	for _, engine := range b.engines {
		loads := map[string][][]byte{}
		for _, e := range contestedEndpoints() {
			loads[e.name] = e.requests()
		}
		for _, c := range streamCases() {
			loads[c.name] = c.requests()
		}
		maps.DeleteFunc(loads, func(name string, _ [][]byte) bool { return !b.wanted(name) })
		url, err := b.seeded(ctx, engine, small)
		if err != nil {
			return err
		}
		if err := b.storeStreams(ctx, url, filepath.Join(b.scratch, engine)); err != nil {
			return err
		}
		if err := b.profileLoads(ctx, engine, url, loads); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) profileLoads(ctx context.Context, engine, url string, loads map[string][][]byte) error {
	var c config.Config
	parser, err := kong.New(&c)
	if err != nil {
		return err
	}
	if _, err := parser.Parse([]string{"--data=" + b.dataFolder(url), "--database=" + url}); err != nil {
		return err
	}
	a, err := app.New(ctx, &c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	handler, err := a.Handler()
	if err == nil {
		// With deadlines, as in production: they have a price.
		server := httptest.NewUnstartedServer(handler)
		server.Config.ReadTimeout, server.Config.WriteTimeout = time.Minute, time.Minute
		server.Start()
		err = b.profileEach(ctx, server.Listener.Addr().String(), engine, loads)
		server.Close()
	}
	return errors.Join(err, a.Close())
}

func (b *bench) profileEach(ctx context.Context, addr, engine string, loads map[string][][]byte) error {
	for name, requests := range loads {
		file := strings.NewReplacer("/", "-", " ", "-").Replace(name) + "-" + engine + ".pprof"
		l := load{addr: addr, requests: requests, connections: connections, duration: b.slice}
		if err := profileLoad(ctx, l, filepath.Join(b.profile, file)); err != nil {
			return err
		}
		b.say("wrote %s", file)
	}
	return nil
}

// profileLoad warms up, and then writes a profile of a load.
func profileLoad(ctx context.Context, l load, file string) error {
	if _, err := l.run(ctx); err != nil {
		return err
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	_, err = l.run(ctx)
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	return out.Close()
}
