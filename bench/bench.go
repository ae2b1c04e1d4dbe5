package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	processes "github.com/antiphon-music/antiphon/internal/citest/process"
	"github.com/antiphon-music/antiphon/internal/store/pgserver"
)

// bench is what all parts share.
type bench struct {
	options
	root     string // the module's folder
	scratch  string // a temporary folder; removed at the end
	antiphon string // the binary
	wrk      string // the client that counts; "" if it is not installed
	report   report

	postgres  *pgserver.Server // nil until it is needed
	databases int              // made so far; they are numbered
}

// connections is how many clients there are at once where throughput is
// measured.
const connections = 32

func newBench(ctx context.Context, o options) (*bench, error) {
	root, err := output(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "antiphon-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, root: root, scratch: scratch, report: report{
		Date: today(), Machine: thisMachine(ctx), Rounds: o.rounds, Seconds: o.slice.Seconds(),
	}}
	if path, err := exec.LookPath("wrk"); err == nil {
		b.wrk = path
	} else {
		b.report.omit("wrk is not installed: requests are counted by a client in Go, which takes more of the machine")
	}
	if b.antiphon, err = b.build(ctx, "antiphon", "./cmd/antiphon"); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) close() {
	if err := os.RemoveAll(b.scratch); err != nil {
		b.say("the scratch folder was not removed: %v", err)
	}
}

// build makes a binary the way `make build` does.
func (b *bench) build(ctx context.Context, name, pkg string) (string, error) {
	file := filepath.Join(b.scratch, name)
	_, err := output(ctx, b.root, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, pkg)
	return file, err
}

// say tells whoever waits what is going on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// wanted reports whether -only lets any of the figures through.
func (b *bench) wanted(names ...string) bool {
	return slices.ContainsFunc(names, b.only.MatchString)
}

// database makes a new database and returns its URL.
func (b *bench) database(engine string) (string, error) {
	b.databases++
	name := fmt.Sprintf("bench_%d", b.databases)
	if engine == "sqlite" {
		return "sqlite:" + filepath.Join(b.scratch, name+".db"), nil
	}
	if b.postgres == nil {
		var err error
		// Of the defaults, all that matters to how safe a write is.
		if b.postgres, err = pgserver.Start(); err != nil {
			return "", fmt.Errorf("PostgreSQL: %w", err)
		}
		if b.report.Machine.PostgreSQL, err = postgresVersion(b.postgres.URL + "/postgres"); err != nil {
			return "", err
		}
	}
	return b.postgres.CreateDatabase(name)
}

func postgresVersion(url string) (version string, err error) {
	db, err := openSQL(url)
	if err != nil {
		return "", err
	}
	err = db.QueryRow(`SHOW server_version`).Scan(&version)
	version, _, _ = strings.Cut(version, " ") // without the distribution's own
	return version, errors.Join(err, db.Close())
}

// seeded makes a database with a dataset and returns its URL.
func (b *bench) seeded(ctx context.Context, engine string, d dataset) (string, error) {
	url, err := b.database(engine)
	if err != nil {
		return "", err
	}
	begun := time.Now()
	if err := seed(ctx, url, d); err != nil {
		return "", err
	}
	b.say("%s: stored %d songs and %d messages in %.1f s", engine, d.songs(), d.messages, time.Since(begun).Seconds())
	return url, nil
}

// serve starts Antiphon, as released and with its default settings but for those
// given, over a database.
func (b *bench) serve(ctx context.Context, url string, settings ...string) (*process, error) {
	addr, err := processes.FreeAddress()
	if err != nil {
		return nil, err
	}
	args := []string{b.antiphon, "serve", "--listen=" + addr, "--data=" + b.dataFolder(url), "--database=" + url}
	return start(ctx, b.scratch, "antiphon", addr, append(args, settings...)...)
}

// dataFolder returns where the server over a database keeps everything else.
func (b *bench) dataFolder(url string) string {
	return filepath.Join(b.scratch, "data-"+path.Base(url))
}
