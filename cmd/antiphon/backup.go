package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/antiphon-music/antiphon/internal/app"
	"github.com/antiphon-music/antiphon/internal/backup"
	"github.com/antiphon-music/antiphon/internal/config"
)

type backupCommand struct {
	File    string `arg:"" optional:"" help:"The archive to be; antiphon-DATE.tar.zst in this folder by default."`
	Base    string `env:"-" placeholder:"FILE" help:"An earlier archive: media that it has, or that it builds on, are not copied again. Keep all of them together."`
	NoMedia bool   `env:"-" help:"The database alone, for who has another backup of the media."`
}

// Run writes an archive.
func (b backupCommand) Run(ctx context.Context, c *config.Config) error {
	if b.File == "" {
		b.File = app.DefaultBackupName(time.Now())
	}
	return open(ctx, c, func(a *app.App) error {
		meter := newMeter()
		s, err := a.Backup(ctx, b.File, app.BackupOptions{Base: b.Base, NoMedia: b.NoMedia, Progress: meter.backup})
		meter.end()
		if err != nil {
			return err
		}
		fmt.Printf("%s was written and read back. It holds secrets: keep it as you keep passwords.\n", b.File)
		return summarize(s)
	})
}

type verifyCommand struct {
	File string `arg:"" help:"An archive that backup has written."`
}

// Run reads an archive.
func (v verifyCommand) Run() error {
	meter := newMeter()
	s, err := backup.Verify(v.File, meter.backup)
	meter.end()
	if err != nil {
		return err
	}
	fmt.Printf("%s is whole.\n", v.File)
	return summarize(s)
}

type restoreCommand struct {
	File  string   `arg:"" help:"An archive that backup has written."`
	Base  []string `env:"-" placeholder:"FILE" help:"An archive that it builds on, if that is not beside it."`
	Force bool     `env:"-" help:"Replace what is in the database, and go on if the secret key is another."`
}

// Run restores an archive.
func (r restoreCommand) Run(ctx context.Context, c *config.Config) error {
	return open(ctx, c, func(a *app.App) error {
		meter := newMeter()
		s, err := a.Restore(ctx, r.File, app.RestoreOptions{Bases: r.Base, Force: r.Force, Progress: meter.backup})
		meter.end()
		if err != nil {
			return err
		}
		fmt.Printf("Everything is as it was on %s.\n", s.Header.Created.Format(time.RFC1123))
		if !s.Header.Media {
			fmt.Println("The archive has no media: bring them back from their own backup.")
		}
		return summarize(s)
	})
}

type copyCommand struct {
	From  string `env:"ANTIPHON_COPY_FROM" required:"" placeholder:"URL" help:"The database to read, like --database."`
	To    string `env:"ANTIPHON_COPY_TO" required:"" placeholder:"URL" help:"The database to write; it must be empty."`
	Force bool   `env:"-" help:"Replace what is in it."`
}

// Run copies a database.
func (c copyCommand) Run(ctx context.Context) error {
	meter := newMeter()
	rows, err := app.Copy(ctx, c.From, c.To, c.Force, meter.backup)
	meter.end()
	if err != nil {
		return err
	}
	fmt.Printf("%d rows were copied, read back and are the same. Set the database of the server to the new one.\n", rows)
	return nil
}

// backup shows the progress of a backup.
func (m *meter) backup(p backup.Progress) { m.show(p.What, p.Done, p.Total) }

// summarize says what an archive has. Files that were lost before are an error, so
// that a script notices.
func summarize(s backup.Summary) error {
	fmt.Printf("made        %s by antiphon %s on %s\n", s.Header.Created.Format(time.RFC1123), s.Header.Program, s.Header.Engine)
	fmt.Printf("rows        %d in %d tables\n", s.Rows, len(s.Header.Tables))
	if s.Header.Media {
		fmt.Printf("media       %d files (%s)\n", s.Contents, humanize.IBytes(uint64(s.Bytes)))
	}
	for _, base := range s.Header.Bases {
		fmt.Printf("builds on   %s\n", base.Name)
	}
	if s.Earlier > 0 {
		fmt.Printf("there       %d files\n", s.Earlier)
	}
	fmt.Printf("archive     %s\n", humanize.IBytes(uint64(s.Size)))
	if len(s.Lost) == 0 {
		return nil
	}
	for _, key := range s.Lost {
		fmt.Fprintln(os.Stderr, "missing or damaged where it was stored:", key)
	}
	return errors.New("some files could not be backed up: see antiphon media check")
}
