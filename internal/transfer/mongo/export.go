package mongo

import (
	"io"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// exported are the documents of a file of mongoexport: one after another, or as
// one array (--jsonArray), with any space between.
type exported struct {
	*input
	array bool // it is one array
	begun bool // its beginning has been looked at
	comma bool // the next document comes after a comma
	ended bool // the array has ended
}

func (*exported) walk(document []byte, do func(key []byte, v value) error) error {
	return walkExtended(document, do)
}

// next implements documents.
func (e *exported) next(problem func(transfer.Problem)) ([]byte, int64, error) {
	e.begin()
	for {
		if err := e.need(1); err != nil {
			if err == io.EOF && e.array && !e.ended {
				return nil, e.at, e.broken(e.at, "the array does not end")
			}
			return nil, e.at, e.readError(e.at, err)
		}
		switch c := e.ahead()[0]; {
		case isSpace(c):
		case c == ',' && e.array && e.comma && !e.ended:
			e.comma = false
		case c == ']' && e.array && !e.ended:
			e.ended = true
		case c == '{' && !e.ended && !(e.array && e.comma):
			e.comma = true
			at := e.at
			if document, err := e.document(at); document != nil || err != nil {
				return document, at, err
			}
			problem(tooLarge(e.place(at)))
			continue
		default:
			return nil, e.at, e.broken(e.at, "here should be a JSON document")
		}
		e.drop(1)
	}
}

// begin looks at the beginning of the file: whether it is an array, past a mark
// of its encoding.
func (e *exported) begin() {
	if e.begun {
		return
	}
	e.begun = true
	if e.need(3) == nil && string(e.ahead()[:3]) == "\ufeff" {
		e.drop(3)
	}
	for e.need(1) == nil && isSpace(e.ahead()[0]) {
		e.drop(1)
	}
	if e.need(1) == nil && e.ahead()[0] == '[' {
		e.array = true
		e.drop(1)
	}
}

// document returns the document that begins here, up to the brace that ends it,
// or nil if it was too large and has been passed over.
func (e *exported) document(at int64) ([]byte, error) {
	var large, quoted, escaped bool
	depth := 0
	for i := 0; ; {
		for ahead := e.ahead(); i < len(ahead); i++ {
			switch c := ahead[i]; {
			case escaped:
				escaped = false
			case quoted:
				escaped = c == '\\'
				quoted = c != '"'
			case c == '"':
				quoted = true
			case c == '{':
				depth++
			case c == '}':
				depth--
			}
			if depth == 0 {
				e.drop(i + 1)
				if large || i >= maxDocument {
					return nil, nil
				}
				return ahead[:i+1], nil
			}
		}
		if i >= maxDocument {
			large = true
		}
		if large {
			e.drop(i)
			i = 0
		}
		if err := e.more(); err == io.EOF {
			return nil, e.broken(at, "a document does not end")
		} else if err != nil {
			return nil, e.readError(at, err)
		}
	}
}
