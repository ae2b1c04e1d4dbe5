package mongo

import (
	"encoding/binary"
	"hash/crc64"
	"io"
	"slices"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// An archive is what `mongodump --archive` writes: a magic number, a prelude,
// and blocks of documents in which the collections take turns. The prelude and
// each block begin with a document that says what follows and end with four
// bytes of ones. The last block of a collection is empty, and has the CRC-64 of
// all its documents in its header. (common/archive/spec.md of
// https://github.com/mongodb/mongo-tools, and parser.go and multiplexer.go beside
// it.)
const (
	archiveMagic   = 0x8199e26d
	terminator     = 0xffffffff
	archiveVersion = "0.1"
)

// namespace is a collection of a database.
type namespace struct{ database, collection string }

// blockHeader is the document that a block begins with.
type blockHeader struct {
	namespace
	last bool
	sum  uint64 // CRC-64 of the collection, in the last block
}

// archived are the documents of one collection of an archive.
type archived struct {
	*input
	of     namespace
	inside bool // within a block of the collection
	sum    uint64
	table  *crc64.Table
}

// newArchived returns the documents of a collection. The prelude has been read.
func newArchived(in *input, of namespace) *archived {
	return &archived{input: in, of: of, table: crc64.MakeTable(crc64.ECMA)}
}

func (*archived) walk(document []byte, do func(key []byte, v value) error) error {
	return walkBSON(document, do)
}

// total implements documents: the collections share the file.
func (*archived) Total() int64 { return -1 }

// next implements documents. Of other collections it reads no more than how long
// the documents are.
func (a *archived) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	for {
		at := a.At()
		if !a.inside {
			header, err := a.header()
			if err != nil {
				return nil, at, err
			}
			if header.namespace != a.of {
				if err := a.skipBlock(); err != nil {
					return nil, at, err
				}
				continue
			}
			if header.last {
				return nil, at, a.finish(at, header)
			}
			a.inside = true
			continue
		}
		ended, err := a.terminated()
		if err != nil {
			return nil, at, err
		}
		if ended {
			a.inside = false
			continue
		}
		n, err := a.length()
		if err != nil {
			return nil, at, a.cutOff(err)
		}
		if n <= dump.MaxRecord {
			document, err := a.Take(n)
			a.add(document)
			return document, at, err
		}
		problem(a.TooLarge(at))
		if err := a.Skip(n, a.add); err != nil {
			return nil, at, err
		}
	}
}

func (a *archived) add(b []byte) { a.sum = crc64.Update(a.sum, a.table, b) }

// header reads what a block begins with.
func (a *archived) header() (blockHeader, error) {
	at := a.At()
	document, err := a.small()
	if err == io.EOF {
		return blockHeader{}, a.Broken(at, "the archive ends before the collection %s does", a.of.collection)
	}
	if err != nil {
		return blockHeader{}, err
	}
	var h blockHeader
	err = walkBSON(document, func(key []byte, v value) error {
		switch string(key) {
		case "db":
			h.database = string(v.data)
		case "collection":
			h.collection = string(v.data)
		case "EOF":
			h.last = v.form == boolean && v.whole != 0
		case "CRC":
			h.sum = uint64(v.whole)
		}
		return nil
	})
	if err != nil {
		return h, a.Broken(at, "the header of a block: %v", err)
	}
	if h.collection == "" {
		return h, a.Broken(at, "the header of a block names no collection")
	}
	return h, nil
}

// finish compares the checksum of the collection at its end, and returns io.EOF
// if it is right.
func (a *archived) finish(at int64, last blockHeader) error {
	ended, err := a.terminated()
	switch {
	case err != nil:
		return err
	case !ended:
		return a.Broken(at, "documents of %s come after its end", a.of.collection)
	case a.sum != last.sum:
		return a.Broken(at, "the checksum of %s is %016x, and should be %016x: the archive is damaged",
			a.of.collection, a.sum, last.sum)
	}
	return io.EOF
}

// skipBlock passes over the documents of a block.
func (a *archived) skipBlock() error {
	for {
		ended, err := a.terminated()
		if err != nil || ended {
			return err
		}
		n, err := a.length()
		if err != nil {
			return a.cutOff(err)
		}
		if err := a.Skip(n, nil); err != nil {
			return err
		}
	}
}

// terminated reports whether the block ends here, and passes over its end.
func (in *input) terminated() (bool, error) {
	if err := in.Need(4); err != nil {
		return false, in.cutOff(in.ReadError(in.At(), err))
	}
	if binary.LittleEndian.Uint32(in.Ahead()) != terminator {
		return false, nil
	}
	in.Drop(4)
	return true, nil
}

// cutOff words the end of the file where it should go on.
func (in *input) cutOff(err error) error {
	if err == io.EOF {
		return in.ReadError(in.At(), io.ErrUnexpectedEOF)
	}
	return err
}

// small reads a document of the archive's own, or io.EOF.
func (in *input) small() ([]byte, error) {
	n, err := in.length()
	if err != nil {
		return nil, err
	}
	if n > dump.MaxRecord {
		return nil, in.Broken(in.At(), "%d is no length of a document", n)
	}
	return in.Take(n)
}

// isArchive reports whether the file begins as an archive does.
func (in *input) isArchive() bool {
	return in.Need(4) == nil && binary.LittleEndian.Uint32(in.Ahead()) == archiveMagic
}

const (
	// maxNamespaces is how many collections an archive may have.
	maxNamespaces = 10_000

	// maxNamespace is the greatest length of the names of a database and a
	// collection, in bytes: MongoDB's own limit.
	maxNamespace = 255
)

// prelude reads the beginning of an archive, and returns its collections.
func (in *input) prelude() ([]namespace, error) {
	in.Drop(4)
	header, err := in.small()
	if err != nil {
		return nil, in.cutOff(err)
	}
	version := ""
	err = walkBSON(header, func(key []byte, v value) error {
		if string(key) == "version" {
			version = string(v.data)
		}
		return nil
	})
	if err != nil {
		return nil, in.Broken(4, "the header of the archive: %v", err)
	}
	if version != archiveVersion {
		return nil, in.Broken(4, "archives of version %q are not known, only %q", shortened([]byte(version)), archiveVersion)
	}
	var list []namespace
	for {
		ended, err := in.terminated()
		if err != nil || ended {
			return list, err
		}
		at := in.At()
		document, err := in.small()
		if err != nil {
			return nil, in.cutOff(err)
		}
		var ns namespace
		err = walkBSON(document, func(key []byte, v value) error {
			switch string(key) {
			case "db":
				ns.database = string(v.data)
			case "collection":
				ns.collection = string(v.data)
			}
			return nil
		})
		if err != nil {
			return nil, in.Broken(at, "the description of a collection: %v", err)
		}
		if len(ns.database)+len(ns.collection) > maxNamespace {
			return nil, in.Broken(at, "the name of a collection is longer than %d bytes", maxNamespace)
		}
		if len(list) == maxNamespaces {
			return nil, in.Broken(at, "the archive has more than %d collections", maxNamespaces)
		}
		if !slices.Contains(list, ns) {
			list = append(list, ns)
		}
	}
}
