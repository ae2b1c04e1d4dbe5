// Package mongo reads what the Node reference keeps in MongoDB from dumps and
// exports, and writes a library as files that mongoimport reads.
//
// It reads the directory and the archive of mongodump, and the files of
// mongoexport, each packed with gzip or not. Of a dump it needs the documents
// alone: the metadata.json files beside them say which indexes and options the
// collections had.
package mongo

import (
	"context"
	"fmt"
	"io"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// collections are the kinds that are collections of the Node reference, which
// have their names.
const collections = transfer.Messages + 1

// origin is where documents come from.
type origin interface {
	// open returns the documents of a kind, or nil if there is no such collection.
	open(kind transfer.Kind) (documents, error)
	// strangers are the collections that no record is made of.
	strangers() []string
	// name is what the origin is called in reports.
	name() string
}

// Source is a library in a dump or an export. It implements [transfer.Source].
type Source struct{ from origin }

var _ transfer.Source = (*Source)(nil)

// Each implements [transfer.Source]. The offsets of what is packed are those of
// what it holds. Files are read from their beginning each time.
//
// Records of users have no number, e-mail or password; references to users are
// external ids, all others ObjectIds. Values of wrong types are cast as Mongoose
// does. The rules of problems are "missing collection", "unknown collection",
// "too large", "malformed", "missing field", "wrong type", "unknown field" and
// "bad text".
func (s *Source) Each(ctx context.Context, kind transfer.Kind, do func(record any) error, problem func(transfer.Problem)) error {
	if kind >= collections {
		return nil
	}
	if kind == 0 {
		s.tellStrangers(problem)
	}
	docs, err := s.from.open(kind)
	if err != nil {
		return err
	}
	if docs == nil {
		problem(transfer.Problem{
			Place: transfer.Place{File: s.from.name()}, Rule: "missing collection",
			What: fmt.Sprintf("there is no collection %s", kind),
		})
		return nil
	}
	defer docs.Close()
	docs = &interruptible{documents: docs, ctx: ctx}
	switch kind {
	case transfer.Users:
		return each(docs, userShape(), do, problem)
	case transfer.Albums:
		return each(docs, albumShape(), do, problem)
	case transfer.Songs:
		return each(docs, songShape(), do, problem)
	default:
		return each(docs, messageShape(), do, problem)
	}
}

// tellStrangers tells of the collections that are left out.
func (s *Source) tellStrangers(problem func(transfer.Problem)) {
	for _, name := range s.from.strangers() {
		problem(transfer.Problem{
			Place: transfer.Place{File: s.from.name()}, Rule: "unknown collection",
			What: fmt.Sprintf("the collection %q is not known, and not kept", shortened([]byte(name))),
		})
	}
}

// sampled is how many documents Count reads.
const sampled = 1000

// Count implements [transfer.Source]: it judges by the first documents of a file
// how many there are, which it cannot of what is packed or of an archive.
func (s *Source) Count(ctx context.Context, kind transfer.Kind) (int64, error) {
	if kind >= collections {
		return 0, nil
	}
	docs, err := s.from.open(kind)
	if err != nil || docs == nil {
		return 0, err
	}
	defer docs.Close()
	total := docs.Total()
	if total < 0 {
		return -1, nil
	}
	docs = &interruptible{documents: docs, ctx: ctx}
	unheard := func(transfer.Problem) {}
	for n := range int64(sampled) {
		_, at, err := docs.next(unheard)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		if n == sampled-1 {
			return total * n / max(at, 1), nil
		}
	}
	return -1, nil
}

// interruptible ends when a context does.
type interruptible struct {
	documents
	ctx  context.Context
	read int
}

// askEvery is after how many documents the context is asked.
const askEvery = 256

func (i *interruptible) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	if i.read%askEvery == 0 && i.ctx.Err() != nil {
		return nil, 0, i.ctx.Err()
	}
	i.read++
	return i.documents.next(problem)
}
