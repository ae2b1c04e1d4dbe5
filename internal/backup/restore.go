package backup

import (
	"context"
	"io"
	"path/filepath"
	"slices"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Destination is a server that is made what an archive says.
type Destination struct {
	Database Sink
	Blobs    media.Blobs
	Stage    *media.Stage
	Force    bool // also if there is something in the database
	// May is asked before anything is done; nil agrees.
	May      func(Header) error
	Progress func(Progress) // nil for nobody
}

// Restore makes a server what an archive says. Contents come into the storage one
// by one; the database is replaced in one transaction, which ends when everything
// has been read, found whole, and read back. What an archive builds on is looked
// for beside it, and among those whose paths are given.
//
// Errors: Conflict if there is something and Force is not set, or a server runs;
// Invalid if an archive is damaged or of a newer version; NotFound if one is
// missing. The database is then as it was; contents that have come do no harm.
func (d *Destination) Restore(ctx context.Context, path string, bases []string) (s Summary, err error) {
	r, err := openArchive(path)
	if err != nil {
		return s, err
	}
	defer r.close()
	if d.May != nil {
		if err := d.May(r.Header); err != nil {
			return s, err
		}
	}
	found, err := findBases(r.Header, path, bases)
	if err != nil {
		return s, err
	}
	replacement := Replacement{Migrations: r.Header.Migrations, Force: d.Force, Past: true}
	err = d.Database.Replace(ctx, replacement, func(ctx context.Context, to Target) error {
		for _, t := range to.Tables() {
			if _, ok := tableOf(r.Header, t.Name); !ok {
				return errs.New(errs.Invalid, "the archive has no table %s, which its version had", t.Name)
			}
		}
		if s, err = d.fill(ctx, r, to); err != nil {
			return err
		}
		for i, base := range found {
			n, err := d.fetch(ctx, &r.contents, base, int32(i+1), &s)
			if err != nil {
				return err
			}
			s.Earlier += n
		}
		return ctx.Err()
	})
	return s, err
}

func tableOf(h Header, name string) (Table, bool) {
	for _, t := range h.Tables {
		if t.Name == name {
			return t, true
		}
	}
	return Table{}, false
}

// fill brings in what the archive itself has.
func (d *Destination) fill(ctx context.Context, r *reader, to Target) (Summary, error) {
	var l *loader
	told := &telling{tell: d.Progress}
	s, err := r.walk(visitor{
		table: func(t Table) (err error) {
			told.Progress = Progress{What: t.Name, Total: -1}
			l, err = newLoader(to, t)
			return err
		},
		row: func(_ Table, row []any) error {
			told.more()
			return l.add(ctx, row)
		},
		rows: func(Table) error {
			told.end()
			return l.end(ctx)
		},
		list: func() error {
			told.Progress = Progress{What: "media", Total: int64(len(r.contents.list))}
			return nil
		},
		content: func(key media.Key, from io.Reader) error {
			told.more()
			return d.put(ctx, key, from)
		},
	})
	s.Earlier = 0 // until they are here
	return s, err
}

// put stores a content, unless it is not what its key says.
func (d *Destination) put(ctx context.Context, key media.Key, from io.Reader) error {
	staged, err := d.Stage.Receive(ctx, from, maxContent)
	if err != nil {
		return err
	}
	defer staged.Discard()
	if staged.Key != key {
		return nil // the walk knows it, too
	}
	return d.Blobs.Put(ctx, staged)
}

// fetch brings in what an archive has of the contents that the list says are in
// it, and returns how many these are.
func (d *Destination) fetch(ctx context.Context, wanted *contentList, path string, in int32, s *Summary) (n int64, err error) {
	r, err := openArchive(path)
	if err != nil {
		return 0, err
	}
	defer r.close()
	got := map[media.Key]bool{}
	base, err := r.walk(visitor{content: func(key media.Key, from io.Reader) error {
		at, ok := wanted.find(key)
		if !ok || wanted.list[at].in != in {
			return nil
		}
		got[key] = true
		return d.put(ctx, key, from)
	}})
	if err != nil {
		return 0, err
	}
	for _, key := range base.Lost {
		if at, ok := wanted.find(key); ok && wanted.list[at].in == in {
			delete(got, key)
			s.Lost = append(s.Lost, key)
		}
	}
	for _, c := range wanted.list {
		if c.in == in && !got[c.key()] && !slices.Contains(base.Lost, c.key()) {
			return 0, errs.New(errs.Invalid, "%s has not the content %s, which it should have", r.name, c.key())
		}
	}
	return int64(len(got)), nil
}

// findBases returns the paths of the archives that one builds on, in their order.
func findBases(h Header, path string, given []string) ([]string, error) {
	paths := make([]string, len(h.Bases))
	for i, base := range h.Bases {
		for _, candidate := range append(given, filepath.Join(filepath.Dir(path), base.Name)) {
			id, err := idOf(candidate)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return nil, err
			}
			if err == nil && id == base.ID {
				paths[i] = candidate
				break
			}
		}
		if paths[i] == "" {
			return nil, errs.New(errs.NotFound, "the archive builds on %s, made at another time: it must lie beside it, or be named", base.Name)
		}
	}
	return paths, nil
}

func idOf(path string) (string, error) {
	r, err := openArchive(path)
	if err != nil {
		return "", err
	}
	defer r.close()
	return r.Header.ID, nil
}
