package main

import (
	"context"
	"errors"
	"os"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

type exportCommand struct {
	Node   exportNode   `cmd:"" help:"Write the library for the Node.js reference: files for mongoimport, and the media."`
	Django exportDjango `cmd:"" help:"Write the library for the Django reference: a fixture for loaddata, and the media."`
}

type exportNode struct {
	Dir string `arg:"" help:"A folder that does not exist yet, or is empty."`
}

// Run writes the library.
func (e exportNode) Run(ctx context.Context, c *config.Config) error {
	return export(ctx, c, func(a *app.App, progress func(transfer.Progress)) (transfer.Report, error) {
		return a.ExportNode(ctx, e.Dir, progress)
	})
}

type exportDjango struct {
	Dir string `arg:"" help:"A folder that does not exist yet, or is empty."`
}

// Run writes the library.
func (e exportDjango) Run(ctx context.Context, c *config.Config) error {
	return export(ctx, c, func(a *app.App, progress func(transfer.Progress)) (transfer.Report, error) {
		return a.ExportDjango(ctx, e.Dir, progress)
	})
}

func export(ctx context.Context, c *config.Config, do func(*app.App, func(transfer.Progress)) (transfer.Report, error)) error {
	return open(ctx, c, func(a *app.App) error {
		meter := newMeter()
		report, err := do(a, meter.importing)
		meter.end()
		return errors.Join(err, report.WriteText(os.Stdout))
	})
}
