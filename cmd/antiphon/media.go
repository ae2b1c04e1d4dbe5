package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/file"
)

type mediaCommand struct {
	Move  mediaMove  `cmd:"" help:"Copy all uploaded files that are in use to another place, also while the server runs."`
	Check mediaCheck `cmd:"" help:"Read all uploaded files that are in use, and tell which are missing or damaged."`
}

type mediaMove struct {
	To       string `env:"-" required:"" placeholder:"PLACE" help:"Where to: like --media."`
	ToKey    string `env:"ANTIPHON_TO_KEY" placeholder:"KEY" help:"Access key for it, if it is no folder."`
	ToSecret string `env:"ANTIPHON_TO_SECRET" placeholder:"SECRET" help:"The secret that belongs to it."`
}

// Run copies the files and says what to do next.
func (m mediaMove) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		tally, err := a.MoveMedia(ctx, app.MediaPlace{Location: m.To, Key: m.ToKey, Secret: m.ToSecret}, progress())
		describe(tally)
		if err != nil {
			return fmt.Errorf("not all was copied; the same command goes on from here: %w", err)
		}
		fmt.Printf("To use them there: stop the server, run this command once more for what came meanwhile,\n"+
			"set media to %s, and start the server again. Then 'antiphon media check' looks at all.\n", m.To)
		return lost(tally)
	})
}

type mediaCheck struct{}

// Run reads the files.
func (mediaCheck) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		tally, err := a.Files.Check(ctx, progress())
		describe(tally)
		if err != nil {
			return err
		}
		return lost(tally)
	})
}

// outcomes are the words for them, in their order.
var outcomes = [...]string{
	file.Whole: "whole", file.Copied: "copied", file.Present: "there already",
	file.Missing: "missing", file.Damaged: "damaged",
}

// progressEvery is how often a long command says how far it is.
const progressEvery = 10 * time.Second

// progress returns a function that tells of every file that is lost, and now
// and then of how many were done.
func progress() func(file.Content, file.Outcome) {
	done, said := 0, time.Now()
	return func(c file.Content, o file.Outcome) {
		done++
		if o == file.Missing || o == file.Damaged {
			fmt.Println(outcomes[o], c.Key)
		}
		if time.Since(said) > progressEvery {
			fmt.Println(done, "files so far")
			said = time.Now()
		}
	}
}

// describe says how many files came to what.
func describe(t file.Tally) {
	for o, count := range t {
		if count.Contents > 0 {
			fmt.Printf("%-13s %d (%s)\n", outcomes[o], count.Contents, humanize.IBytes(uint64(count.Bytes)))
		}
	}
}

// lost is the error that says so.
func lost(t file.Tally) error {
	if n := t.Lost(); n > 0 {
		return fmt.Errorf("%d files are missing or damaged", n)
	}
	return nil
}
