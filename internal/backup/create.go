package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Origin is a server that archives are made of.
type Origin struct {
	Database Source
	Engine   string
	Blobs    media.Blobs
	// Hold keeps all contents for as long as do runs.
	Hold    func(ctx context.Context, do func(context.Context) error) error
	Program string // its version
	// Key and KeyPrint are as in Header.
	Key, KeyPrint string
	Now           func() time.Time
	Progress      func(Progress) // nil for nobody
}

// Create writes an archive of a server, which may run meanwhile: its database as
// it was at one moment, and all contents that this names. Contents that an
// earlier archive has, or one of those that it builds on, are left there; base is
// its path, "" for none. Without media all are left out.
//
// The file is readable by its owner alone, for it holds secrets. It gets its name
// when it has been read back whole. Contents that are missing or damaged where
// they are stored are in the summary, and no error.
//
// Errors: Conflict if there is such a file; Invalid if the base is no archive.
func (o *Origin) Create(ctx context.Context, path, base string, withMedia bool) (s Summary, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = errs.New(errs.Conflict, "%s exists already", path)
		}
		return s, err
	}
	var earlier *built
	if base != "" {
		if earlier, err = o.readBase(base); err != nil {
			return s, err
		}
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // of one that was killed
		return s, err
	}
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return s, err
	}
	defer os.Remove(part) // unless it has got its name
	err = o.Hold(ctx, func(ctx context.Context) error { return o.write(ctx, f, earlier, withMedia) })
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return s, err
	}
	if s, err = Verify(part, o.Progress); err != nil {
		return s, fmt.Errorf("what was written is not what is read: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return s, err
	}
	return s, syncFolder(filepath.Dir(path))
}

// syncFolder makes a name durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil // Windows has no such thing
	}
	return errors.Join(err, dir.Close())
}

// built is an archive that another one builds on.
type built struct {
	Base
	contents contentList
	lost     map[media.Key]bool // of them
}

// readBase reads an archive whole: it has to be there in years, and what was lost
// when it was made may be there again.
func (o *Origin) readBase(path string) (*built, error) {
	r, err := openArchive(path)
	if err != nil {
		return nil, err
	}
	defer r.close()
	s, err := r.check("reading the base", o.Progress)
	if err != nil {
		return nil, err
	}
	b := &built{Base: Base{r.Header.ID, r.name}, lost: map[media.Key]bool{}}
	if r.Header.Media {
		b.contents = r.contents
	}
	for _, key := range s.Lost {
		b.lost[key] = true
	}
	return b, nil
}

func (o *Origin) write(ctx context.Context, f *os.File, earlier *built, withMedia bool) error {
	var w *writer
	contents := &contentList{}
	err := o.Database.Dump(ctx, func(ctx context.Context, s Snapshot) (err error) {
		if err := contents.read(ctx, s, earlier); err != nil {
			return err
		}
		w, err = newWriter(f, Header{
			Format: Format, ID: rand.Text(), Created: o.Now().UTC().Truncate(time.Second), Program: o.Program, Engine: o.Engine,
			Migrations: s.Migrations(), Tables: s.Tables(), Key: o.Key, KeyPrint: o.KeyPrint, Bases: contents.bases, Media: withMedia,
		})
		if err != nil {
			return err
		}
		for _, t := range s.Tables() {
			if err := w.table(ctx, s, t, o.Progress); err != nil {
				return err
			}
		}
		return w.list(contents)
	})
	if err != nil {
		return err
	}
	told := &telling{tell: o.Progress, Progress: Progress{What: "media", Total: int64(len(contents.list))}}
	for _, c := range contents.list {
		told.more()
		if !withMedia || c.in != 0 {
			continue
		}
		if err := w.content(ctx, o.Blobs, c.key()); err != nil {
			return err
		}
	}
	told.end()
	return w.close()
}

// read lists the contents that a database names, and which earlier archives have
// them.
func (l *contentList) read(ctx context.Context, s Snapshot, earlier *built) error {
	if earlier == nil {
		earlier = &built{}
	}
	return s.Contents(ctx, func(c Content) error {
		if !c.Key.Valid() {
			return fmt.Errorf("%q is no key of a content", c.Key)
		}
		listed := Listed{Key: c.Key, Size: c.Size}
		if at, ok := earlier.contents.find(c.Key); ok && !earlier.lost[c.Key] {
			base := earlier.Base
			if in := earlier.contents.list[at].in; in > 0 {
				base = earlier.contents.bases[in-1]
			}
			if !slices.Contains(l.bases, base) {
				l.bases = append(l.bases, base)
			}
			listed.In = base.ID
		}
		if !l.add(listed) {
			return fmt.Errorf("the content %s comes out of order", c.Key)
		}
		return nil
	})
}
