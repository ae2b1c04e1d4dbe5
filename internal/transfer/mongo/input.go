package mongo

import (
	"encoding/binary"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// documents are those of one collection.
type documents interface {
	// next returns the next document and the offset that it begins at, or
	// io.EOF. The document is valid until the next call. What it has to pass over
	// it tells to problem.
	next(problem func(transfer.Problem)) (document []byte, at int64, err error)
	// walk is the walk through such a document.
	walk(document []byte, do func(key []byte, v value) error) error
	Place(at int64) transfer.Place
	Total() int64 // bytes of them all; -1 if that cannot be told
	Close()
}

// exported are the documents of a file of mongoexport.
type exported struct{ dump.Objects }

func (e *exported) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	return e.Next(problem)
}

func (*exported) walk(document []byte, do func(key []byte, v value) error) error {
	return walkExtended(document, do)
}

// input is a file of BSON.
type input struct{ *dump.Input }

func openInput(path, name string) (*input, error) {
	in, err := dump.Open(path, name)
	if err != nil {
		return nil, err
	}
	return &input{in}, nil
}

// length returns the length of the document that begins here, or io.EOF.
func (in *input) length() (int64, error) {
	if err := in.Need(4); err != nil {
		return 0, in.ReadError(in.At(), err)
	}
	n := int64(int32(binary.LittleEndian.Uint32(in.Ahead())))
	if n < emptyDocument {
		return 0, in.Broken(in.At(), "%d is no length of a document", n)
	}
	return n, nil
}

// dumped are the documents of a file of mongodump: BSON, one after another.
type dumped struct{ *input }

func (dumped) walk(document []byte, do func(key []byte, v value) error) error {
	return walkBSON(document, do)
}

// next implements documents.
func (d dumped) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	for {
		at := d.At()
		n, err := d.length()
		if err != nil {
			return nil, at, err
		}
		if n <= dump.MaxRecord {
			document, err := d.Take(n)
			return document, at, err
		}
		problem(d.TooLarge(at))
		if err := d.Skip(n, nil); err != nil {
			return nil, at, err
		}
	}
}
