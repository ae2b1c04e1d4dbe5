package django

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// FixtureName is the name of the file that a Writer writes.
const FixtureName = "dumpdata.json"

// bufferSize is how much of the file is written at once, in bytes.
const bufferSize = 128 << 10

// Writer writes a library as a fixture that loaddata reads into an empty database
// of the reference, an object a line. It implements [transfer.Sink].
//
// The file gets its name when it is whole, in Close. Whoever makes a Writer calls
// Discard in the end.
type Writer struct {
	path      string
	file      *os.File // nil once it has its name
	to        *bufio.Writer
	line      []byte
	objects   int64
	addresses int64 // of allauth, that were written
	changes   int64
}

var _ transfer.Sink = (*Writer)(nil)

// NewWriter returns a writer into a directory, which it makes if needed. Errors:
// Conflict if the fixture is there already.
func NewWriter(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("django: making the directory of an export: %w", err)
	}
	w := &Writer{path: filepath.Join(dir, FixtureName)}
	if _, err := os.Lstat(w.path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = errs.New(errs.Conflict, "%s exists already; choose an empty directory", w.path)
		}
		return nil, err
	}
	var err error
	if w.file, err = os.CreateTemp(dir, "dumpdata-*.part"); err != nil {
		return nil, fmt.Errorf("django: creating the file of an export: %w", err)
	}
	w.to = bufio.NewWriterSize(w.file, bufferSize)
	for i, role := range []account.Role{account.Viewer, account.Editor} {
		if err := w.put(appendGroup(w.line[:0], int64(i+1), role)); err != nil {
			w.Discard()
			return nil, err
		}
	}
	return w, nil
}

// Write implements [transfer.Sink]. It leaves tokens out, of which only hashes are
// kept here, and of the admin log what the reference has no model for.
func (w *Writer) Write(_ context.Context, record any, problem func(transfer.Problem)) (written bool, err error) {
	tellTooLong(record, problem)
	b := w.line[:0]
	switch r := record.(type) {
	case *transfer.User:
		if err := w.put(appendUser(b, r)); err != nil || !r.Verified || r.Email == "" {
			return true, err
		}
		w.addresses++
		return true, w.put(appendAddress(w.line[:0], w.addresses, r))
	case *transfer.Album:
		b = appendAlbum(b, r)
	case *transfer.Song:
		b = appendSong(b, r)
	case *transfer.Message:
		b = appendMessage(b, r)
	case *transfer.Token:
		return false, nil
	case *transfer.Change:
		b = appendChange(b, w.changes+1, &r.Entry)
		if len(b) == 0 {
			return false, nil
		}
		w.changes++
	default:
		return false, fmt.Errorf("django: a %T is no record", record)
	}
	return true, w.put(b)
}

// put writes an object as the next of the array.
func (w *Writer) put(object []byte) error {
	w.line = object
	before := ",\n"
	if w.objects == 0 {
		before = "[\n"
	}
	w.objects++
	if _, err := w.to.WriteString(before); err != nil {
		return w.failed(err)
	}
	if _, err := w.to.Write(object); err != nil {
		return w.failed(err)
	}
	return nil
}

func (w *Writer) failed(err error) error { return fmt.Errorf("django: writing %s: %w", w.path, err) }

// Close makes the file durable and gives it its name.
func (w *Writer) Close() error {
	if _, err := w.to.WriteString("\n]\n"); err != nil {
		return w.failed(err)
	}
	if err := errors.Join(w.to.Flush(), w.file.Sync(), w.file.Close()); err != nil {
		return w.failed(err)
	}
	if err := os.Rename(w.file.Name(), w.path); err != nil {
		return fmt.Errorf("django: naming the exported file: %w", err)
	}
	w.file = nil
	return nil
}

// Discard removes the file if it has no name yet. After Close it does no harm.
func (w *Writer) Discard() {
	if w.file != nil {
		w.file.Close()
		os.Remove(w.file.Name())
		w.file = nil
	}
}
