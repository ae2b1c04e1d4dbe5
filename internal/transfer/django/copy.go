package django

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// endOfCopy is the line after the last row of COPY in a file.
const endOfCopy = `\.`

// copied are rows in the text format of COPY, a line each: values between tabs,
// special characters by backslashes, \N for NULL
// (https://www.postgresql.org/docs/current/sql-copy.html).
type copied struct {
	*dump.Input
	// marked says that endOfCopy comes after the last row, and not the end of all.
	marked bool
	// place is of the row with a number, from 1, that begins at an offset.
	place func(row, at int64) transfer.Place
}

// skip passes over the rows, and returns how many there are.
func (c copied) skip(ctx context.Context, problem func(transfer.Problem)) (rows int64, err error) {
	return rows, c.lines(ctx, func([]byte, int64) error {
		rows++
		return nil
	}, problem)
}

// each calls do with each row.
func (c copied) each(ctx context.Context, columns []string, do func(*row) error, problem func(transfer.Problem)) error {
	r := newRow(columns)
	n := int64(0)
	return c.lines(ctx, func(line []byte, at int64) error {
		n++
		r.reset(c.place(n, at))
		r.cells = splitCopy(string(line), r.cells)
		if len(r.cells) != len(columns) {
			problem(transfer.Problem{
				Place: r.place, Rule: "malformed", Lost: true,
				What: "there are " + strconv.Itoa(len(r.cells)) + " values for " + strconv.Itoa(len(columns)) + " columns",
			})
			return nil
		}
		return do(r)
	}, problem)
}

// askEvery is after how many rows a context is asked.
const askEvery = 256

func (c copied) lines(ctx context.Context, do func(line []byte, at int64) error, problem func(transfer.Problem)) error {
	for n := 0; ; n++ {
		if n%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, at, err := c.Line(problem)
		switch {
		case err == io.EOF && !c.marked:
			return nil
		case err == io.EOF:
			return c.Broken(at, "the rows of a table do not end: the file is cut off")
		case err != nil:
			return err
		case c.marked && string(line) == endOfCopy:
			return nil
		}
		if err := do(line, at); err != nil {
			return err
		}
	}
}

// splitCopy appends the values of a line.
func splitCopy(line string, cells []cell) []cell {
	for more := true; more; {
		var text string
		text, line, more = strings.Cut(line, "\t")
		switch {
		case text == `\N`:
			cells = append(cells, cell{null: true})
		case strings.IndexByte(text, '\\') >= 0:
			cells = append(cells, cell{text: unescaped(text)})
		default:
			cells = append(cells, cell{text: text})
		}
	}
	return cells
}

// escapes are the characters that have one of their own after a backslash.
var escapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// unescaped reads backslashes: of a letter, of up to three octal digits, or of x
// and up to two hexadecimal ones; anything else stands for itself.
func unescaped(text string) string {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b = append(b, text[i])
			continue
		}
		i++
		c := text[i]
		if special, ok := escapes[c]; ok {
			b = append(b, special)
			continue
		}
		from, base, most := i, 8, 3
		if c == 'x' {
			from, base, most = i+1, 16, 2
		}
		to := from
		for to < len(text) && to < from+most && digit(text[to]) < base {
			to++
		}
		if to == from {
			b = append(b, c)
			continue
		}
		n, _ := strconv.ParseUint(text[from:to], base, 16) // these are digits
		b = append(b, byte(n))
		i = to - 1
	}
	return string(b)
}

// digit returns the value of a digit, 99 of what is none.
func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}
