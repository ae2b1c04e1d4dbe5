package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
)

type serveCommand struct {
	Demo bool `env:"-" help:"Add the demo library if there is no music yet."`
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
	extra := []func(context.Context) error{}
	if s.Demo {
		extra = append(extra, a.FillWithDemo)
	}
	// The first admin is made when nothing can keep his password from being shown.
	greeting := func(addr net.Addr) error {
		first, err := a.FirstAdmin(ctx, s.Demo)
		if err == nil {
			greet(a.Address(addr), first)
		}
		return err
	}
	return errors.Join(a.Serve(ctx, greeting, extra...), a.Close())
}

// greet tells whoever started the server where it is, and how to sign in for
// the first time.
func greet(address string, first *app.Credentials) {
	fmt.Printf("\n  Antiphon is at %s\n  API reference    %s/api/docs/\n", address, address)
	if first != nil {
		fmt.Printf("\n  The first admin  %s\n  Password         %s\n", first.Email, first.Password)
		if !first.Known {
			fmt.Println("  It is shown this once. Change it after you have signed in.")
		}
	}
	fmt.Println()
}
