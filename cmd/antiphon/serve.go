package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
)

type serveCommand struct {
	Demo bool `help:"Add the demo library if there is no music yet."`
}

// Run serves until the process is told to stop.
func (s serveCommand) Run(ctx context.Context, c *config.Config) error {
	log, err := logger(c)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c, log)
	if err != nil {
		return err
	}
	first, err := a.FirstAdmin(ctx, s.Demo)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	extra := []func(context.Context) error{}
	if s.Demo {
		extra = append(extra, a.FillWithDemo)
	}
	err = a.Serve(ctx, func(addr net.Addr) { greet(a.Address(addr), first) }, extra...)
	return errors.Join(err, a.Close())
}

// greet tells whoever started the server where it is, and how to sign in for
// the first time.
func greet(address string, first *app.Credentials) {
	fmt.Fprintf(os.Stdout, "\n  Antiphon is at %s\n  API reference    %s/api/docs/\n", address, address)
	if first != nil {
		fmt.Fprintf(os.Stdout, "\n  The first admin  %s\n  Password         %s\n", first.Email, first.Password)
		if !first.Known {
			fmt.Fprintln(os.Stdout, "  It is shown this once. Change it after you have signed in.")
		}
	}
	fmt.Fprintln(os.Stdout)
}
