package dump

import (
	"io"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Objects are the objects of a file of JSON: one after another, or as one array,
// with any space between.
type Objects struct {
	*Input
	array bool // it is one array
	begun bool // its beginning has been looked at
	comma bool // the next object comes after a comma
	ended bool // the array has ended
}

// Next returns the next object and the offset that it begins at, or io.EOF. The
// object is valid until the next call. What it has to pass over it tells to
// problem. It has looked for the end of the object, and not whether it is JSON.
func (e *Objects) Next(problem func(transfer.Problem)) ([]byte, int64, error) {
	e.begin()
	for {
		if err := e.Need(1); err != nil {
			if err == io.EOF && e.array && !e.ended {
				return nil, e.at, e.Broken(e.at, "the array does not end")
			}
			return nil, e.at, e.ReadError(e.at, err)
		}
		switch c := e.Ahead()[0]; {
		case isSpace(c):
		case c == ',' && e.array && e.comma && !e.ended:
			e.comma = false
		case c == ']' && e.array && !e.ended:
			e.ended = true
		case c == '{' && !e.ended && !(e.array && e.comma):
			e.comma = true
			at := e.at
			if object, err := e.object(at); object != nil || err != nil {
				return object, at, err
			}
			problem(e.TooLarge(at))
			continue
		default:
			return nil, e.at, e.Broken(e.at, "here should be an object of JSON")
		}
		e.Drop(1)
	}
}

// From goes on with the object that begins at an offset yet to come, which Next
// has returned of the same file.
func (e *Objects) From(at int64) error {
	e.begin()
	e.comma = false
	return e.GoTo(at)
}

// begin looks at the beginning of the file: whether it is an array, past a mark
// of its encoding.
func (e *Objects) begin() {
	if e.begun {
		return
	}
	e.begun = true
	if e.Need(3) == nil && string(e.Ahead()[:3]) == "\ufeff" {
		e.Drop(3)
	}
	for e.Need(1) == nil && isSpace(e.Ahead()[0]) {
		e.Drop(1)
	}
	if e.Need(1) == nil && e.Ahead()[0] == '[' {
		e.array = true
		e.Drop(1)
	}
}

// object returns the object that begins here, up to the brace that ends it,
// or nil if it was too large and has been passed over.
func (e *Objects) object(at int64) ([]byte, error) {
	var large, quoted, escaped bool
	depth := 0
	for i := 0; ; {
		for ahead := e.Ahead(); i < len(ahead); i++ {
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
				e.Drop(i + 1)
				if large || i >= MaxRecord {
					return nil, nil
				}
				return ahead[:i+1], nil
			}
		}
		if i >= MaxRecord {
			large = true
		}
		if large {
			e.Drop(i)
			i = 0
		}
		if err := e.More(); err == io.EOF {
			return nil, e.Broken(at, "an object does not end")
		} else if err != nil {
			return nil, e.ReadError(at, err)
		}
	}
}
