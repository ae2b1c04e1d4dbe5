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
	Node   importNode   `cmd:"" help:"Bring in a library of the Node.js reference from a dump of MongoDB."`
	Django importDjango `cmd:"" help:"Bring in a library of the Django reference from its database, or from a dump of it."`
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

type importDjango struct {
	FromDatabase   string `env:"-" xor:"from" required:"" placeholder:"URL" help:"The live PostgreSQL database of the reference, which is only read. After the word django it may be called --database."`
	Dump           string `env:"-" xor:"from" required:"" placeholder:"FILE" help:"What dumpdata wrote, or pg_dump in the plain format; packed with gzip or not."`
	FromMedia      string `env:"-" default:"keep" placeholder:"DIR" help:"The reference's MEDIA_ROOT; keep brings no files in. After the word django it may be called --media."`
	FromAdminEmail string `env:"-" placeholder:"EMAIL" help:"The reference's ADMIN_EMAIL, whose owner is an admin."`
	importOptions
}

// Run imports the library.
func (i importDjango) Run(ctx context.Context, c *config.Config) error {
	return i.run(ctx, c, func(a *app.App, o app.ImportOptions) (transfer.Report, error) {
		o.Media = i.FromMedia
		return a.ImportDjango(ctx, app.DjangoLibrary{Database: i.FromDatabase, Dump: i.Dump, AdminEmail: i.FromAdminEmail}, o)
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

// imported are the flags that mean the library which is brought in, and not this
// one, after the words "import node" and "import django".
var imported = map[string][]string{
	"node":   {"--media"},
	"django": {"--media", "--database", "--admin-email"},
}

// ofImport gives these flags the names that tell them from the settings.
func ofImport(args []string) []string {
	at := slices.Index(args, "import") + 1
	if at == 0 || at == len(args) {
		return args
	}
	args = slices.Clone(args)
	for i := at + 1; i < len(args); i++ {
		name, value, with := strings.Cut(args[i], "=")
		if !slices.Contains(imported[args[at]], name) {
			continue
		}
		args[i] = "--from-" + strings.TrimPrefix(name, "--")
		if with {
			args[i] += "=" + value
		}
	}
	return args
}
