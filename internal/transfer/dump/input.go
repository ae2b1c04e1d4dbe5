// Package dump reads the files of dumps: in pieces, so that memory stays bounded
// whatever a file says of itself, packed with gzip or not, and with the offset of
// everything at hand, by which it is reported.
package dump

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// MaxRecord is the greatest length of a record, in bytes: MongoDB's own limit for
// a document (https://www.mongodb.com/docs/manual/reference/limits/).
const MaxRecord = 16 << 20

// Input is an open file, unpacked if it is packed. Its offsets are those of what
// is unpacked.
type Input struct {
	*window
	name string   // as it is reported
	size int64    // in bytes, of what is unpacked; -1 if that cannot be told
	file *os.File // nil if it was not opened here
}

// Open opens a file, which is reported by the name given. The caller closes it.
func Open(path, name string) (*Input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := &Input{window: newWindow(f), name: name, size: -1, file: f}
	if err := in.unpack(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return in, nil
}

// Read returns an input of what r yields, which is reported by the name given.
func Read(r io.Reader, name string) *Input {
	return &Input{window: newWindow(r), name: name, size: -1}
}

// unpack looks whether the file is packed.
func (in *Input) unpack() error {
	// The first three bytes of a gzip file (RFC 1952) as a length would begin a
	// document of half a megabyte that has no fields.
	if in.Need(3) != nil || !bytes.HasPrefix(in.Ahead(), []byte{0x1f, 0x8b, 0x08}) {
		if info, err := in.file.Stat(); err == nil {
			in.size = info.Size()
		}
		return nil
	}
	packed, err := gzip.NewReader(io.MultiReader(bytes.NewReader(in.Ahead()), in.file))
	if err != nil {
		return in.ReadError(0, err)
	}
	in.window = newWindow(packed)
	return nil
}

// Close closes the file, if there is one. Nothing was written to it that could be
// lost.
func (in *Input) Close() {
	if in.file != nil {
		_ = in.file.Close()
	}
}

// Place returns the place of an offset.
func (in *Input) Place(at int64) transfer.Place {
	return transfer.Place{File: in.name, Offset: at}
}

// Total returns how many bytes there are; -1 if that cannot be told.
func (in *Input) Total() int64 { return in.size }

// Broken is the error of a file that cannot be read past an offset.
func (in *Input) Broken(at int64, format string, args ...any) error {
	return errs.New(errs.Invalid, "%s: %s", in.Place(at), fmt.Sprintf(format, args...))
}

// ReadError words an error of reading; io.EOF stays what it is.
func (in *Input) ReadError(at int64, err error) error {
	var ofSystem *fs.PathError
	switch {
	case err == io.EOF:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return in.Broken(at, "the file is cut off")
	case errors.As(err, &ofSystem):
		return fmt.Errorf("reading %s: %w", in.Place(at), err)
	}
	return in.Broken(at, "what is packed is damaged: %v", err)
}

// Take returns the n bytes that begin here. They are valid until more is read.
func (in *Input) Take(n int64) ([]byte, error) {
	at := in.at
	if err := in.Need(int(n)); err != nil {
		return nil, in.ReadError(at, err)
	}
	taken := in.Ahead()[:n]
	in.Drop(int(n))
	return taken, nil
}

// Skip passes over n bytes, after it has shown them to see, which may be nil.
func (in *Input) Skip(n int64, see func([]byte)) error {
	at := in.at
	if err := in.Pass(n, see); err != nil {
		return in.ReadError(at, err)
	}
	return nil
}

// GoTo goes on to an offset that is yet to come.
func (in *Input) GoTo(at int64) error {
	ahead := int64(len(in.Ahead()))
	if in.size < 0 || at <= in.at+ahead {
		return in.Skip(at-in.at, nil)
	}
	if _, err := in.file.Seek(at, io.SeekStart); err != nil {
		return in.ReadError(at, err)
	}
	in.window = newWindow(in.file)
	in.at = at
	return nil
}

// TooLarge is the problem of a record longer than MaxRecord.
func (in *Input) TooLarge(at int64) transfer.Problem {
	return transfer.Problem{
		Place: in.Place(at), Rule: "too large", Lost: true,
		What: fmt.Sprintf("a record is longer than %d bytes", MaxRecord),
	}
}
