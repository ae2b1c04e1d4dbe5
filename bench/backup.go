package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// What is measured of backups. The archive is read back as a part of making it,
// and the database as a part of restoring it.
const (
	backupName  = "backup/rows archived"
	restoreName = "backup/rows restored"
)

// measureBackup has the commands make an archive of a large library on each
// engine, and restore it into an empty database of the same.
func (b *bench) measureBackup(ctx context.Context) error {
	if !b.wanted(backupName, restoreName) {
		return nil
	}
	src := wholeLibrary
	if !b.large {
		src = quickLibrary
	}
	for _, engine := range b.engines {
		b.say("backup, %s: %d records", engine, src.records())
		if err := b.measureArchive(ctx, engine, src); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureArchive(ctx context.Context, engine string, src library) error {
	from, err := b.database(engine)
	if err != nil {
		return err
	}
	if err := fillLibrary(ctx, from, src); err != nil {
		return err
	}
	to, err := b.database(engine)
	if err != nil {
		return err
	}
	archive := filepath.Join(b.scratch, engine+".tar.zst")
	for _, run := range []struct{ name, command, url string }{{backupName, "backup", from}, {restoreName, "restore", to}} {
		ran, err := b.runCommand(ctx, run.url, run.command, archive)
		if err != nil {
			return err
		}
		b.reportCommand(run.name, engine, ran, src, target{}, target{})
	}
	return nil
}

// fillLibrary migrates a database, and imports a library into it.
func fillLibrary(ctx context.Context, url string, src library) (err error) {
	if err := migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	importer := transfer.Importer{Loader: s}
	_, err = importer.Run(ctx, src)
	return err
}
