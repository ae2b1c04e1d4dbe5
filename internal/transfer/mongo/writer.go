package mongo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// bufferSize is how much of a file is written at once, in bytes.
const bufferSize = 128 << 10

// Writer writes a library as files that mongoimport reads, one a collection:
// users.json and so on, with a document a line in canonical extended JSON and
// the fields in the order in which the Node reference stores them. It implements
// [transfer.Sink].
//
// The files get their names when all are whole, in Close. Whoever makes a Writer
// calls Discard in the end.
type Writer struct {
	dir   string
	files [collections]*os.File // nil once they have their names
	to    [collections]*bufio.Writer
	line  []byte
}

var _ transfer.Sink = (*Writer)(nil)

// NewWriter returns a writer into a directory, which it makes if needed. Errors:
// Conflict if one of the files is there already.
func NewWriter(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("mongo: making the directory of an export: %w", err)
	}
	w := &Writer{dir: dir}
	for kind := range collections {
		if _, err := os.Lstat(w.path(kind)); !errors.Is(err, fs.ErrNotExist) {
			w.Discard()
			if err == nil {
				err = errs.New(errs.Conflict, "%s exists already; choose an empty directory", w.path(kind))
			}
			return nil, err
		}
		f, err := os.CreateTemp(dir, kind.String()+"-*.part")
		if err != nil {
			w.Discard()
			return nil, fmt.Errorf("mongo: creating a file of an export: %w", err)
		}
		w.files[kind], w.to[kind] = f, bufio.NewWriterSize(f, bufferSize)
	}
	return w, nil
}

func (w *Writer) path(kind transfer.Kind) string {
	return filepath.Join(w.dir, kind.String()+".json")
}

// Write implements [transfer.Sink]. Of an album it writes the songs that it
// lists; tokens and changes, which the Node reference has not, it passes over.
// Errors: Invalid for a record without the id by which documents name it.
func (w *Writer) Write(_ context.Context, record any, _ func(transfer.Problem)) (written bool, err error) {
	kind, b := transfer.Kind(0), w.line[:0]
	switch r := record.(type) {
	case *transfer.User:
		kind = transfer.Users
		b, err = appendUser(b, r)
	case *transfer.Album:
		kind = transfer.Albums
		b, err = appendAlbum(b, r)
	case *transfer.Song:
		kind = transfer.Songs
		b, err = appendSong(b, r)
	case *transfer.Message:
		kind = transfer.Messages
		b, err = appendMessage(b, r)
	case *transfer.Token, *transfer.Change:
		return false, nil
	default:
		return false, fmt.Errorf("mongo: a %T is no record", record)
	}
	if err != nil {
		return false, err
	}
	w.line = append(b, '\n')
	if _, err := w.to[kind].Write(w.line); err != nil {
		return false, fmt.Errorf("mongo: writing %s: %w", w.path(kind), err)
	}
	return true, nil
}

// Close makes the files durable and gives them their names.
func (w *Writer) Close() error {
	for kind, f := range w.files {
		if err := errors.Join(w.to[kind].Flush(), f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("mongo: writing %s: %w", w.path(transfer.Kind(kind)), err)
		}
	}
	for kind, f := range w.files {
		if err := os.Rename(f.Name(), w.path(transfer.Kind(kind))); err != nil {
			return fmt.Errorf("mongo: naming an exported file: %w", err)
		}
		w.files[kind] = nil
	}
	return nil
}

// Discard removes what has no name yet. After Close it does no harm.
func (w *Writer) Discard() {
	for kind, f := range w.files {
		if f != nil {
			f.Close()
			os.Remove(f.Name())
			w.files[kind] = nil
		}
	}
}

// identified begins a document with its _id.
func identified(b []byte, kind transfer.Kind, id oid.ID, name string) ([]byte, error) {
	if _, ok := oid.Parse(string(id)); !ok {
		return b, errs.New(errs.Invalid, "%q of %s has no ObjectId", name, kind)
	}
	return appendID(append(b, `{"_id":`...), id), nil
}

func appendUser(b []byte, u *transfer.User) ([]byte, error) {
	b, err := identified(b, transfer.Users, u.OID, u.FullName)
	if err == nil && u.ExternalID == "" {
		err = errs.New(errs.Invalid, "user %s has no external id", u.OID)
	}
	b = dump.AppendText(append(b, `,"fullName":`...), u.FullName)
	b = dump.AppendText(append(b, `,"imageUrl":`...), u.Image)
	b = dump.AppendText(append(b, `,"clerkId":`...), u.ExternalID)
	b = appendDate(append(b, `,"createdAt":`...), u.Joined)
	return ended(appendDate(append(b, `,"updatedAt":`...), u.Updated)), err
}

func appendAlbum(b []byte, a *transfer.Album) ([]byte, error) {
	b, err := identified(b, transfer.Albums, a.OID, a.Title)
	b = dump.AppendText(append(b, `,"title":`...), a.Title)
	b = dump.AppendText(append(b, `,"artist":`...), a.Artist)
	b = dump.AppendText(append(b, `,"imageUrl":`...), a.Image)
	b = appendNumber(append(b, `,"releaseYear":`...), a.ReleaseYear)
	b = append(b, `,"songs":[`...)
	for i, song := range a.Songs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendID(b, song)
	}
	b = appendDate(append(b, `],"createdAt":`...), a.Created)
	return ended(appendDate(append(b, `,"updatedAt":`...), a.Updated)), err
}

func appendSong(b []byte, s *transfer.Song) ([]byte, error) {
	b, err := identified(b, transfer.Songs, s.OID, s.Title)
	b = dump.AppendText(append(b, `,"title":`...), s.Title)
	b = dump.AppendText(append(b, `,"artist":`...), s.Artist)
	b = dump.AppendText(append(b, `,"imageUrl":`...), s.Image)
	b = dump.AppendText(append(b, `,"audioUrl":`...), s.Audio)
	b = appendNumber(append(b, `,"duration":`...), s.Duration)
	b = append(b, `,"albumId":`...)
	switch {
	case s.Album.OID != "":
		b = appendID(b, s.Album.OID)
	case s.Album.IsZero():
		b = append(b, "null"...)
	case err == nil:
		err = errs.New(errs.Invalid, "song %s names an album that has no ObjectId", s.OID)
	}
	b = appendDate(append(b, `,"createdAt":`...), s.Created)
	return ended(appendDate(append(b, `,"updatedAt":`...), s.Updated)), err
}

func appendMessage(b []byte, m *transfer.Message) ([]byte, error) {
	b, err := identified(b, transfer.Messages, m.OID, "a message")
	if err == nil && (m.Sender.External == "" || m.Receiver.External == "") {
		err = errs.New(errs.Invalid, "message %s is of somebody without an external id", m.OID)
	}
	b = dump.AppendText(append(b, `,"senderId":`...), m.Sender.External)
	b = dump.AppendText(append(b, `,"receiverId":`...), m.Receiver.External)
	b = dump.AppendText(append(b, `,"content":`...), m.Content)
	b = appendDate(append(b, `,"createdAt":`...), m.Created)
	return ended(appendDate(append(b, `,"updatedAt":`...), m.Updated)), err
}

// ended ends a document.
func ended(b []byte) []byte { return append(b, `,"__v":{"$numberInt":"0"}}`...) }
