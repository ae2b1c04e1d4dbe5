// Command antiphon is a self-hosted music streaming server.
//
// This file reads the command line; internal/app is the program.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/antiphon-music/antiphon/internal/config"
)

// commands is the command line; the settings apply to every command.
type commands struct {
	ConfigFile string `name:"config" env:"-" placeholder:"FILE" help:"Configuration file in TOML; antiphon.toml here if it exists, or ANTIPHON_CONFIG."`
	config.Config

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date, or show how it is."`
	User    userCommand    `cmd:"" help:"Create and manage accounts."`
	Media   mediaCommand   `cmd:"" help:"Copy uploaded files to another place, or check them."`
	Import  importCommand  `cmd:"" help:"Move in from another system."`
	Export  exportCommand  `cmd:"" help:"Move out to another system."`
	Backup  backupCommand  `cmd:"" help:"Write everything into one archive, also while the server runs."`
	Verify  verifyCommand  `cmd:"" help:"Read an archive whole, and say what it has."`
	Restore restoreCommand `cmd:"" help:"Make everything what an archive says."`
	Copy    copyCommand    `cmd:"" help:"Copy a database into another, also of the other engine."`
	Demo    demoCommand    `cmd:"" help:"Add a small library of music, people and conversations."`
	Config_ configCommand  `cmd:"" name:"config" help:"Show every setting, its value and where it comes from."`
	Schema  schemaCommand  `cmd:"" help:"Print the OpenAPI document of the server with these settings."`
	Version versionCommand `cmd:"" help:"Show the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "antiphon:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	file, err := config.ReadFile(configFlag(args))
	if err != nil {
		return err
	}
	var c commands
	parser, err := kong.New(&c, kong.Name("antiphon"), kong.Description("A self-hosted music streaming and listening-together server."),
		kong.DefaultEnvars("ANTIPHON"), kong.Resolvers(file), kong.ExplicitGroups(settingGroups))
	if err != nil {
		return err
	}
	k, err := parser.Parse(ofImport(orHelp(args)))
	if err != nil {
		return err
	}
	k.BindTo(ctx, (*context.Context)(nil))
	return k.Run(&c.Config, k, file)
}
