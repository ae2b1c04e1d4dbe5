package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

type importCommand struct {
	Node importNode `cmd:"" help:"Bring in a library of the Node.js reference from a dump of MongoDB."`
}

// importOptions are those of every import.
type importOptions struct {
	DryRun bool   `env:"-" help:"Do everything but keep it, fetch no files, and report."`
	Report string `env:"-" placeholder:"FILE" help:"Also write the report there, in JSON."`
}

type importNode struct {
	Mongo         string `env:"-" required:"" placeholder:"PATH" help:"The folder or archive that mongodump wrote, or a folder of mongoexport's files; packed with gzip or not."`
	MongoDatabase string `env:"-" placeholder:"NAME" help:"Which database, if the dump holds several."`
	FromMedia     string `env:"-" default:"download" placeholder:"WHAT" help:"What becomes of pictures and songs: download fetches them from the addresses that the records have, keep leaves them there, and a folder takes those that an export put into it. After the word node it may be called --media."`
	AllowPrivate  bool   `env:"-" help:"Also fetch from private addresses, such as this machine's."`
	importOptions
}

// Run imports the library.
func (i importNode) Run(ctx context.Context, c *config.Config) error {
	return i.run(ctx, c, func(a *app.App, o app.ImportOptions) (transfer.Report, error) {
		o.Media, o.AllowPrivate = i.FromMedia, i.AllowPrivate
		return a.ImportNode(ctx, i.Mongo, i.MongoDatabase, o)
	})
}

// errLost is what a command ends with that has left something out.
var errLost = errors.New("not everything could be brought in: see the report")

// run imports and reports.
func (i importOptions) run(ctx context.Context, c *config.Config, do func(*app.App, app.ImportOptions) (transfer.Report, error)) error {
	return open(ctx, c, func(a *app.App) error {
		meter := newMeter()
		report, err := do(a, app.ImportOptions{DryRun: i.DryRun, Progress: meter.importing})
		meter.end()
		err = errors.Join(err, report.WriteText(os.Stdout), i.write(report))
		if err == nil && report.Lost() > 0 {
			err = errLost
		}
		return err
	})
}

func (i importOptions) write(report transfer.Report) error {
	if i.Report == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return os.WriteFile(i.Report, append(text, '\n'), 0o600)
}

// imported are the flags that, after "import", mean the library that is brought in
// and not this one.
var imported = []string{"--media"}

// ofImport gives these flags the names that tell them from the settings.
func ofImport(args []string) []string {
	at := slices.Index(args, "import")
	if at < 0 {
		return args
	}
	args = slices.Clone(args)
	for i := at + 1; i < len(args); i++ {
		name, value, with := strings.Cut(args[i], "=")
		if !slices.Contains(imported, name) {
			continue
		}
		args[i] = "--from-" + strings.TrimPrefix(name, "--")
		if with {
			args[i] += "=" + value
		}
	}
	return args
}
