package store

import (
	"context"
	"database/sql"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Snapshot lets do read the whole library as it is at one moment, whatever is
// written meanwhile. The source says everything of a reference that it knows;
// its albums list their songs, its tokens have no key but the hash. It may be
// used by one goroutine at a time, and not from within its own Each.
//
// Errors: do's own; Unavailable if the database is away.
func (s *Store) Snapshot(ctx context.Context, do func(context.Context, transfer.Source) error) error {
	return s.readOnce(ctx, func(_ context.Context, tx *transaction) error {
		return do(ctx, &snapshot{library: library{s}, tx: tx})
	})
}

// readOnce calls do with a transaction that sees one moment and writes nothing;
// its ctx carries it.
func (s *Store) readOnce(ctx context.Context, do func(context.Context, *transaction) error) error {
	// On SQLite a transaction that only reads takes no lock at its start.
	began, err := s.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.db.engine.snapshotIsolation()})
	if err != nil {
		return s.db.translate(err)
	}
	defer began.Rollback() // nothing was written
	tx := &transaction{Tx: began, stmts: map[string]*sql.Stmt{}}
	return do(context.WithValue(ctx, txKey{s.db}, tx), tx)
}

// snapshotIsolation is the level at which all statements of a transaction see
// the same; on SQLite there is no other.
func (e engine) snapshotIsolation() sql.IsolationLevel {
	if e == postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// snapshot implements transfer.Source.
type snapshot struct {
	library
	tx *transaction
}

func (v *snapshot) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, txKey{v.s.db}, v.tx)
}

// Count implements transfer.Source.
func (v *snapshot) Count(ctx context.Context, kind transfer.Kind) (int64, error) {
	return v.library.Count(v.in(ctx), kind)
}

// Each implements transfer.Source. Records come by number.
func (v *snapshot) Each(ctx context.Context, kind transfer.Kind, do func(record any) error, _ func(transfer.Problem)) error {
	row := int64(0)
	place := func() transfer.Place {
		row++
		return transfer.Place{File: tables[kind].name, Row: row}
	}
	ctx = v.in(ctx)
	switch kind {
	case transfer.Albums:
		return v.albums(ctx, place, do)
	case transfer.Songs:
		return v.songs(ctx, place, do)
	case transfer.Messages:
		return v.messages(ctx, place, do)
	}
	table := tables[kind]
	return v.each(ctx, `SELECT id, `+table.selected()+` FROM `+table.name+` ORDER BY id`, table, func(_ int64, record any) error {
		switch r := record.(type) {
		case *transfer.User:
			r.Place = place()
		case *transfer.Token:
			r.Place = place()
		case *transfer.Change:
			r.Place = place()
		}
		return do(record)
	})
}

// albums reads albums in parts, each with its songs: PostgreSQL answers one
// question at a time.
func (v *snapshot) albums(ctx context.Context, place func() transfer.Place, do func(record any) error) error {
	return v.s.EachAlbum(ctx, catalog.Page{}, func(albums []catalog.Album) error {
		ids := make([]int64, len(albums))
		for i, a := range albums {
			ids[i] = a.ID
		}
		songs, err := v.s.SongOIDsByAlbum(ctx, ids)
		if err != nil {
			return err
		}
		for _, a := range albums {
			err := do(&transfer.Album{
				Place: place(), ID: a.ID, OID: a.OID, Title: a.Title, Artist: a.Artist, Image: a.Image, ReleaseYear: a.ReleaseYear,
				Songs: songs[a.ID], Created: a.Created, Updated: a.Updated,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (v *snapshot) songs(ctx context.Context, place func() transfer.Place, do func(record any) error) error {
	rows, err := v.s.db.query(ctx, `SELECT s.id, s.oid, s.title, s.artist, s.image, s.audio, s.duration,
		COALESCE(s.album_id, 0), COALESCE(a.oid, s.album_named, ''), s.album_position, s.created_at, s.updated_at
		FROM songs s LEFT JOIN albums a ON a.id = s.album_id ORDER BY s.id`)
	return each(rows, err, func(r row) (any, error) {
		_, song, err := scanTransferSong(r)
		return song, err
	}, func(song any) error {
		song.(*transfer.Song).Place = place()
		return do(song)
	})
}

// messages reads messages with what their users are known by. There are few
// users beside messages: they are looked up once each.
func (v *snapshot) messages(ctx context.Context, place func() transfer.Place, do func(record any) error) error {
	users := map[int64]transfer.Ref{}
	rows, err := v.s.db.query(ctx, `SELECT id, oid, external_id FROM users`)
	err = each(rows, err, func(r row) (ref transfer.Ref, err error) {
		return ref, r.Scan(&ref.ID, (*string)(&ref.OID), &ref.External)
	}, func(ref transfer.Ref) error {
		users[ref.ID] = ref
		return nil
	})
	if err != nil {
		return err
	}
	table := tables[transfer.Messages]
	return v.each(ctx, `SELECT id, `+table.selected()+` FROM messages ORDER BY id`, table, func(_ int64, record any) error {
		m := record.(*transfer.Message)
		m.Place = place()
		m.Sender, m.Receiver = users[m.Sender.ID], users[m.Receiver.ID]
		return do(m)
	})
}
