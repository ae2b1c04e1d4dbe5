package django

import (
	"bytes"
	"io"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// script is a file of psql as pg_dump writes it in its plain format: statements,
// the rows of COPY after its statements, and commands of psql.
type script struct{ *dump.Input }

func openScript(path, name string) (*script, error) {
	in, err := dump.Open(path, name)
	if err != nil {
		return nil, err
	}
	return &script{in}, nil
}

// next returns the next statement up to its semicolon, and the offset that it
// begins at; or io.EOF. It passes over comments, and commands of psql.
func (s *script) next(problem func(transfer.Problem)) (statement []byte, at int64, err error) {
	for {
		if err := s.Need(1); err != nil {
			return nil, s.At(), s.ReadError(s.At(), err)
		}
		ahead := s.Ahead()
		switch {
		case bytes.IndexByte([]byte(" \t\r\n;"), ahead[0]) >= 0:
			s.Drop(1)
		case ahead[0] == '\\', ahead[0] == '-' && s.Need(2) == nil && s.Ahead()[1] == '-':
			if _, _, err := s.Line(problem); err != nil {
				return nil, s.At(), err
			}
		default:
			at := s.At()
			if statement, err := s.statement(at); statement != nil || err != nil {
				return statement, at, err
			}
			problem(s.TooLarge(at))
		}
	}
}

// statement returns the statement that begins here, or nil if it was too large
// and has been passed over.
func (s *script) statement(at int64) ([]byte, error) {
	var q quotes
	large := false
	for i := 0; ; {
		for ahead := s.Ahead(); i < len(ahead); i++ {
			if q.ends(ahead[i]) {
				s.Drop(i + 1)
				if large || i >= dump.MaxRecord {
					return nil, nil
				}
				return ahead[:i+1], nil
			}
		}
		if large = large || i >= dump.MaxRecord; large {
			s.Drop(i)
			i = 0
		}
		if err := s.More(); err == io.EOF {
			return nil, s.Broken(at, "a statement does not end: the file is cut off")
		} else if err != nil {
			return nil, s.ReadError(at, err)
		}
	}
}

// quotes follows what of a statement is quoted or a comment
// (https://www.postgresql.org/docs/current/sql-syntax-lexical.html).
type quotes struct {
	inside  byte   // 0, or ' " - for a comment to the end of the line, * for one of the other kind, $
	escapes bool   // a backslash in this string is one
	escaped bool   // it came right before
	last    byte   // the byte before
	letter  bool   // the byte before is the last of a name
	tag     []byte // of dollars, with both: the one that is being read, or that ends what is inside
	matched int    // how many bytes of the tag came right before
}

// ends takes the next byte, and reports whether it is the semicolon that ends the
// statement.
func (q *quotes) ends(c byte) bool {
	last := q.last
	q.last = c
	switch q.inside {
	case 0:
		return q.plain(c, last)
	case '\'':
		switch {
		case q.escaped:
			q.escaped = false
		case c == '\\' && q.escapes:
			q.escaped = true
		case c == '\'':
			q.inside = 0
		}
	case '"':
		if c == '"' {
			q.inside = 0
		}
	case '-':
		if c == '\n' {
			q.inside = 0
		}
	case '*':
		if c == '/' && last == '*' {
			q.inside, q.last = 0, 0
		}
	case '$':
		q.dollars(c)
	}
	return false
}

// plain takes a byte outside of quotes and comments.
func (q *quotes) plain(c, last byte) bool {
	if len(q.tag) > 0 { // a dollar has begun what may be a tag
		switch {
		case c == '$':
			q.tag, q.inside, q.matched = append(q.tag, c), '$', 0
			return false
		case isLetter(c):
			q.tag = append(q.tag, c)
			return false
		}
		q.tag = q.tag[:0]
	}
	wasLetter := q.letter
	q.letter = isLetter(c)
	switch {
	case c == '\'':
		q.inside, q.escapes, q.escaped = '\'', last == 'E' || last == 'e', false
	case c == '"':
		q.inside = '"'
	case c == '-' && last == '-':
		q.inside = '-'
	case c == '*' && last == '/':
		q.inside, q.last = '*', 0
	case c == '$' && !wasLetter:
		q.tag = append(q.tag, c)
	}
	return c == ';'
}

// dollars takes a byte between two tags of dollars.
func (q *quotes) dollars(c byte) {
	switch {
	case c == q.tag[q.matched]:
		q.matched++
	case c == '$':
		q.matched = 1
	default:
		q.matched = 0
	}
	if q.matched == len(q.tag) {
		q.inside, q.tag, q.matched = 0, q.tag[:0], 0
	}
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}
