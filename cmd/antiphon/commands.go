package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/transport/ops"
)

// settingGroups orders the settings in the help.
var settingGroups = []kong.Group{
	{Key: "serving", Title: "Serving"}, {Key: "storage", Title: "Storage"}, {Key: "realtime", Title: "Realtime"},
	{Key: "nodes", Title: "Several nodes"},
	{Key: "accounts", Title: "Accounts"}, {Key: "sign-in", Title: "Registration and signing in elsewhere"}, {Key: "mail", Title: "Mail"}, {Key: "uploads", Title: "Uploads"}, {Key: "logging", Title: "Logging"},
}

// configFlag finds --config before everything else is parsed, because the file
// it names takes part in the parsing.
func configFlag(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			return v
		}
		if a == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// orHelp asks for help where no command does anything.
func orHelp(args []string) []string {
	if len(args) == 0 || args[0] == "help" {
		return []string{"--help"}
	}
	return args
}

func logger(c *config.Config) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, err
	}
	asJSON := c.LogFormat == "json" || (c.LogFormat == "auto" && !term.IsTerminal(int(os.Stderr.Fd())))
	return ops.NewLogger(os.Stderr, level, asJSON), nil
}

// open builds the program for a command that ends by itself.
func open(ctx context.Context, c *config.Config, do func(*app.App) error) error {
	log, err := logger(c)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c, log)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.Close())
}

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply the migrations that wait."`
	Status migrateStatus `cmd:"" help:"Show every migration and when it was applied."`
}

type migrateUp struct{}

// Run applies the migrations.
func (migrateUp) Run(ctx context.Context, c *config.Config) error {
	names, err := app.Migrate(ctx, c)
	for _, n := range names {
		fmt.Println("applied", n)
	}
	if err == nil && len(names) == 0 {
		fmt.Println("the schema is up to date")
	}
	return err
}

type migrateStatus struct{}

// Run shows the migrations.
func (migrateStatus) Run(ctx context.Context, c *config.Config) error {
	steps, err := app.Migrations(ctx, c)
	for _, m := range steps {
		applied := "waits"
		if !m.Applied.IsZero() {
			applied = "applied " + m.Applied.Format(time.RFC3339)
		}
		fmt.Printf("%-24s %s\n", m.Name, applied)
	}
	return err
}

type demoCommand struct{}

// Run adds the demo library.
func (demoCommand) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		return a.LoadDemo(ctx)
	})
}

type configCommand struct{}

// Run shows the settings.
func (configCommand) Run(k *kong.Context, file *config.File) error {
	return config.Print(os.Stdout, k, file)
}

type schemaCommand struct{}

// Run prints the document.
func (schemaCommand) Run(c *config.Config) error {
	document, err := app.Document(c)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(document, '\n'))
	return err
}

type versionCommand struct{}

// Run shows the version.
func (versionCommand) Run() error {
	_, err := fmt.Println("antiphon", app.Version())
	return err
}
