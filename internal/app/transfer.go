package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/django"
	"github.com/antiphon-music/antiphon/internal/transfer/fetch"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
	"github.com/antiphon-music/antiphon/internal/transfer/tree"
)

// What becomes of the files of a library that is brought in, if they do not come
// from a folder.
const (
	KeepMedia     = "keep"     // they stay where they are
	DownloadMedia = "download" // from the addresses that the records have
)

// ImportOptions say how a library is brought in.
type ImportOptions struct {
	Media        string // KeepMedia, DownloadMedia or a folder
	AllowPrivate bool   // also download from addresses of private networks
	DryRun       bool
	Progress     func(transfer.Progress) // nil for nobody
}

// ImportNode brings in what the Node reference keeps: a dump or an export of
// MongoDB. The database is named if the dump holds several, else "".
func (a *App) ImportNode(ctx context.Context, path, database string, o ImportOptions) (transfer.Report, error) {
	src, err := mongo.Open(path, database)
	if err != nil {
		return transfer.Report{}, err
	}
	return a.importLibrary(ctx, src, o)
}

// DjangoLibrary says where the Django reference's data are: in its live database
// or in a dump.
type DjangoLibrary struct {
	Database   string // its URL, or
	Dump       string // a file
	AdminEmail string // the reference's ADMIN_EMAIL, "" for none
}

// ImportDjango brings in what the Django reference keeps.
func (a *App) ImportDjango(ctx context.Context, from DjangoLibrary, o ImportOptions) (report transfer.Report, err error) {
	var src *django.Source
	options := django.Options{AdminEmail: from.AdminEmail}
	if from.Database != "" {
		src, err = django.OpenDatabase(ctx, from.Database, options)
	} else {
		src, err = django.OpenDump(ctx, from.Dump, options)
	}
	if err != nil {
		return transfer.Report{}, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	return a.importLibrary(ctx, src, o)
}

func (a *App) importLibrary(ctx context.Context, src transfer.Source, o ImportOptions) (report transfer.Report, err error) {
	importer := &transfer.Importer{Loader: a.Store, Options: transfer.Options{DryRun: o.DryRun}, Progress: o.Progress}
	switch o.Media {
	case KeepMedia, "":
	case DownloadMedia:
		fetcher := fetch.New(fetch.Config{
			Files: a.Files, Memory: a.Store, Stage: a.Stage, Private: o.AllowPrivate,
			ImageLimit: int64(a.Config.ImageLimit), AudioLimit: int64(a.Config.AudioLimit),
		})
		defer fetcher.Close()
		importer.Media = fetcher
	default:
		files, err := tree.Open(tree.Config{
			Dir: o.Media, Files: a.Files, Memory: a.Store, Stage: a.Stage,
			ImageLimit: int64(a.Config.ImageLimit), AudioLimit: int64(a.Config.AudioLimit),
		})
		if err != nil {
			return report, err
		}
		defer func() { _ = files.Close() }() // it was only read
		importer.Media = files
	}
	return importer.Run(ctx, src)
}

// ExportNode writes the library for the Node reference into a folder: files for
// mongoimport, which name the pictures and songs by their addresses here, and
// below media the files themselves.
func (a *App) ExportNode(ctx context.Context, dir string, progress func(transfer.Progress)) (transfer.Report, error) {
	public, err := a.Config.Public()
	if err != nil {
		return transfer.Report{}, err
	}
	if public == nil {
		return transfer.Report{}, errors.New("public-url: the Node reference keeps whole addresses, so that this must be set")
	}
	to, err := mongo.NewWriter(dir)
	if err != nil {
		return transfer.Report{}, err
	}
	outlet := &outlet{a: a, dir: filepath.Join(dir, mediaFolder), prefix: public.JoinPath("media/").String()}
	return a.export(ctx, to, &transfer.Exporter{Outlet: outlet, Progress: progress})
}

// ExportDjango writes the library for the Django reference into a folder: a
// fixture for loaddata, and below media its MEDIA_ROOT.
func (a *App) ExportDjango(ctx context.Context, dir string, progress func(transfer.Progress)) (transfer.Report, error) {
	to, err := django.NewWriter(dir)
	if err != nil {
		return transfer.Report{}, err
	}
	outlet := &outlet{a: a, dir: filepath.Join(dir, mediaFolder)}
	// A message of the reference's must have both its users.
	return a.export(ctx, to, &transfer.Exporter{Outlet: outlet, Progress: progress, Unknown: true})
}

// mediaFolder is where the files of an export are.
const mediaFolder = "media"

// exportSink is a sink whose files appear when it is closed, or not at all.
type exportSink interface {
	transfer.Sink
	Close() error
	Discard()
}

func (a *App) export(ctx context.Context, to exportSink, exporter *transfer.Exporter) (report transfer.Report, err error) {
	defer to.Discard()
	err = a.Store.Snapshot(ctx, func(ctx context.Context, src transfer.Source) error {
		report, err = exporter.Run(ctx, src, to)
		return err
	})
	if err != nil {
		return report, err
	}
	return report, to.Close()
}

// outlet copies files into a folder under their names.
type outlet struct {
	a      *App
	dir    string
	prefix string // of the addresses that records get
}

// Put implements transfer.Outlet.
func (o *outlet) Put(ctx context.Context, name string) (address string, err error) {
	if file.IsURL(name) {
		return name, nil
	}
	address = name
	if o.prefix != "" {
		address = o.prefix + (&url.URL{Path: name}).EscapedPath()
	}
	path := filepath.Join(o.dir, filepath.FromSlash(name))
	if !strings.HasPrefix(path, o.dir+string(filepath.Separator)) {
		return "", fmt.Errorf("%q is no name of a file", name)
	}
	if _, err := os.Stat(path); err == nil {
		return address, nil // another record has the same
	}
	known, err := o.a.Files.ByName(ctx, name)
	if err != nil {
		return "", err
	}
	blob, _, err := o.a.Blobs.Open(ctx, known.Key)
	if err != nil {
		return "", err
	}
	defer blob.Close()
	return address, copyFile(path, blob)
}

// copyFile writes a file that appears when it is whole.
func copyFile(path string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".export-*.part")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // unless it has got its name
	_, err = io.Copy(f, from)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
