package dump

import (
	"bytes"
	"io"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Line returns the next line, without its end, and the offset that it begins at;
// or io.EOF. It is valid until more is read. A line longer than MaxRecord is told
// to problem, and passed over.
func (in *Input) Line(problem func(transfer.Problem)) (line []byte, at int64, err error) {
	for {
		at = in.at
		n, err := in.lineLength()
		switch {
		case err != nil:
			return nil, at, in.ReadError(at, err)
		case n < 0:
			problem(in.TooLarge(at))
			continue
		}
		line = in.Ahead()[:n]
		in.Drop(min(n+1, len(in.Ahead())))
		return bytes.TrimSuffix(line, []byte{'\r'}), at, nil
	}
}

// lineLength returns how long the line is that begins here, without its end; -1
// if it was too long, and has been passed over.
func (in *Input) lineLength() (int, error) {
	if err := in.Need(1); err != nil {
		return 0, err
	}
	large := false
	for seen := 0; ; {
		if n := bytes.IndexByte(in.Ahead()[seen:], '\n'); n >= 0 {
			n += seen
			if large || n > MaxRecord {
				in.Drop(n + 1)
				return -1, nil
			}
			return n, nil
		}
		seen = len(in.Ahead())
		if large = large || seen > MaxRecord; large {
			in.Drop(seen)
			seen = 0
		}
		if err := in.More(); err == io.EOF {
			if large {
				return -1, nil
			}
			return seen, nil
		} else if err != nil {
			return 0, err
		}
	}
}
