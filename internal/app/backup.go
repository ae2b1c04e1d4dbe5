package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/backup"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/secret"
	"github.com/antiphon-music/antiphon/internal/store"
)

// BackupOptions say what a backup has.
type BackupOptions struct {
	Base     string // the path of an earlier one, whose media are not copied again; "" for none
	NoMedia  bool
	Progress func(backup.Progress) // nil for nobody
}

// Backup writes an archive of everything, as backup.Origin.Create does.
func (a *App) Backup(ctx context.Context, path string, o BackupOptions) (backup.Summary, error) {
	key, err := a.Config.StoredKey()
	if err != nil {
		return backup.Summary{}, err
	}
	origin := backup.Origin{
		Database: a.Store, Engine: a.Store.Engine(), Blobs: a.Blobs, Hold: a.Files.Hold, Program: Version(),
		Key: key, KeyPrint: printOf(a.keys), Now: a.now, Progress: o.Progress,
	}
	return origin.Create(ctx, path, o.Base, !o.NoMedia)
}

// printOf tells one master key from another, and says nothing else about it.
func printOf(k *secret.Keys) string { return hex.EncodeToString(k.Sign("backup", nil)[:16]) }

// RestoreOptions say how an archive is restored.
type RestoreOptions struct {
	Bases    []string // paths of archives that it builds on and that are not beside it
	Force    bool     // also over what is there
	Progress func(backup.Progress)
}

// Restore makes everything what an archive says, as backup.Destination.Restore
// does, and puts the master key of the archive into the data folder, unless it is
// a setting. Whoever calls it opens the program anew afterwards.
func (a *App) Restore(ctx context.Context, path string, o RestoreOptions) (backup.Summary, error) {
	destination := backup.Destination{
		Database: a.Store, Blobs: a.Blobs, Stage: a.Stage, Force: o.Force, Progress: o.Progress,
		May: func(h backup.Header) error { return a.mayOpen(h, o.Force) },
	}
	s, err := destination.Restore(ctx, path, o.Bases)
	if err != nil || a.Config.SecretKey != "" || s.Header.Key == "" {
		return s, err
	}
	return s, a.putKey(s.Header.Key)
}

// mayOpen refuses an archive whose secrets could not be opened here.
func (a *App) mayOpen(h backup.Header, force bool) error {
	has := a.Config.SecretKey == "" && h.Key != ""
	if has || force || h.KeyPrint == printOf(a.keys) {
		return nil
	}
	return errs.New(errs.Conflict, "the archive's secrets are sealed with another secret-key than this server's: set the one that it was made with; "+
		"with --force second factors and links are lost")
}

// putKey replaces the master key in the data folder, and keeps the one before.
func (a *App) putKey(key string) error {
	path := a.Config.KeyFile()
	text := []byte(key + "\n")
	before, err := os.ReadFile(path)
	if err == nil && bytes.Equal(before, text) {
		return nil
	}
	if err == nil {
		err = os.WriteFile(path+".before", before, 0o600)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("everything is restored but the secret key: %w", err)
	}
	temp := path + ".new"
	if err = os.WriteFile(temp, text, 0o600); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return fmt.Errorf("everything is restored but the secret key: %w", err)
	}
	return nil
}

// Copy replaces the database at one URL by that at another, of whichever engine,
// and returns how many rows there were. Media stay where they are.
func Copy(ctx context.Context, from, to string, force bool, progress func(backup.Progress)) (rows int64, err error) {
	if from == to {
		return 0, errs.New(errs.Invalid, "from and to are the same database")
	}
	if path, ok := strings.CutPrefix(from, "sqlite:"); ok { // or it would be made
		if _, err := os.Stat(path); err != nil {
			return 0, fmt.Errorf("from: %w", err)
		}
	}
	source, err := store.Open(ctx, store.Config{URL: from})
	if err != nil {
		return 0, fmt.Errorf("from: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := store.Open(ctx, store.Config{URL: to})
	if err != nil {
		return 0, fmt.Errorf("to: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	return backup.Copy(ctx, source, target, force, progress)
}

// DefaultBackupName is what a backup is called if nobody says it.
func DefaultBackupName(at time.Time) string {
	return "antiphon-" + at.Format("2006-01-02T150405") + ".tar.zst"
}
