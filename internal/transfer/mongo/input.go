package mongo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// maxDocument is the greatest length of a document, in bytes: MongoDB's own
// limit (https://www.mongodb.com/docs/manual/reference/limits/).
const maxDocument = 16 << 20

// documents are those of one collection.
type documents interface {
	// next returns the next document and the offset that it begins at, or
	// io.EOF. The document is valid until the next call. What it has to pass over
	// it tells to problem.
	next(problem func(transfer.Problem)) (document []byte, at int64, err error)
	// walk is the walk through such a document.
	walk(document []byte, do func(key []byte, v value) error) error
	place(at int64) transfer.Place
	total() int64 // bytes of them all; -1 if that cannot be told
	close()
}

// input is an open file, unpacked if it is packed. Its offsets are those of what
// is unpacked.
type input struct {
	*window
	name string // as it is reported
	size int64  // in bytes, of what is unpacked; -1 if that cannot be told
	file io.Closer
}

// newInput returns an input of what r yields.
func newInput(name string, r io.Reader, file io.Closer) (*input, error) {
	in := &input{window: newWindow(r), name: name, size: -1, file: file}
	// The first three bytes of a gzip file (RFC 1952) as a length would begin a
	// document of half a megabyte that has no fields.
	if in.need(3) != nil || !bytes.HasPrefix(in.ahead(), []byte{0x1f, 0x8b, 0x08}) {
		return in, nil
	}
	packed, err := gzip.NewReader(io.MultiReader(bytes.NewReader(in.ahead()), r))
	if err != nil {
		return nil, in.readError(0, err)
	}
	in.window = newWindow(packed)
	return in, nil
}

// openInput opens a file.
func openInput(path, name string) (*input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in, err := newInput(name, f, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	if info, err := f.Stat(); err == nil && in.in == io.Reader(f) {
		in.size = info.Size()
	}
	return in, nil
}

// close closes the file. Nothing was written to it that could be lost.
func (in *input) close() { _ = in.file.Close() }

func (in *input) place(at int64) transfer.Place {
	return transfer.Place{File: in.name, Offset: at}
}

func (in *input) total() int64 { return in.size }

// broken is the error of a file that cannot be read past an offset.
func (in *input) broken(at int64, format string, args ...any) error {
	return errs.New(errs.Invalid, "%s: %s", in.place(at), fmt.Sprintf(format, args...))
}

// readError words an error of reading; io.EOF stays what it is.
func (in *input) readError(at int64, err error) error {
	var ofSystem *fs.PathError
	switch {
	case err == io.EOF:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return in.broken(at, "the file is cut off")
	case errors.As(err, &ofSystem):
		return fmt.Errorf("mongo: reading %s: %w", in.place(at), err)
	}
	return in.broken(at, "what is packed is damaged: %v", err)
}

// length returns the length of the document of BSON that begins here, or io.EOF.
func (in *input) length() (int64, error) {
	if err := in.need(4); err != nil {
		return 0, in.readError(in.at, err)
	}
	n := int64(int32(binary.LittleEndian.Uint32(in.ahead())))
	if n < emptyDocument {
		return 0, in.broken(in.at, "%d is no length of a document", n)
	}
	return n, nil
}

// take returns the n bytes that begin here.
func (in *input) take(n int64) ([]byte, error) {
	at := in.at
	if err := in.need(int(n)); err != nil {
		return nil, in.readError(at, err)
	}
	taken := in.ahead()[:n]
	in.drop(int(n))
	return taken, nil
}

// skip passes over n bytes, after it has shown them to see.
func (in *input) skip(n int64, see func([]byte)) error {
	at := in.at
	if err := in.pass(n, see); err != nil {
		return in.readError(at, err)
	}
	return nil
}

func tooLarge(at transfer.Place) transfer.Problem {
	return transfer.Problem{
		Place: at, Rule: "too large", Lost: true,
		What: fmt.Sprintf("a document is longer than %d bytes", maxDocument),
	}
}

// dumped are the documents of a file of mongodump: BSON, one after another.
type dumped struct{ *input }

func (dumped) walk(document []byte, do func(key []byte, v value) error) error {
	return walkBSON(document, do)
}

// next implements documents.
func (d dumped) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	for {
		at := d.at
		n, err := d.length()
		if err != nil {
			return nil, at, err
		}
		if n <= maxDocument {
			document, err := d.take(n)
			return document, at, err
		}
		problem(tooLarge(d.place(at)))
		if err := d.skip(n, nil); err != nil {
			return nil, at, err
		}
	}
}
