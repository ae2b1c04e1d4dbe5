package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// A row is written as a line: an array of JSON, in which whole and real numbers,
// texts and flags are JSON's own. What JSON cannot say is an object of one field:
// bytes, and text that is not UTF-8, as {"bytes": base64}; numbers that are none
// as {"number": "NaN"}.

type bytesValue struct {
	Bytes []byte `json:"bytes"`
}

type numberValue struct {
	Number string `json:"number"`
}

// lines writes rows.
type lines struct {
	buf     bytes.Buffer
	encoder *json.Encoder
	values  []any
}

func newLines() *lines {
	l := &lines{}
	l.encoder = json.NewEncoder(&l.buf)
	l.encoder.SetEscapeHTML(false)
	return l
}

// line returns the line of a row with its end. It is valid until the next call.
func (l *lines) line(row []any) ([]byte, error) {
	l.values = l.values[:0]
	for _, v := range row {
		switch value := v.(type) {
		case nil, int64, bool:
		case float64:
			if math.IsNaN(value) || math.IsInf(value, 0) {
				v = numberValue{strconv.FormatFloat(value, 'g', -1, 64)}
			}
		case string:
			if !utf8.ValidString(value) {
				v = bytesValue{[]byte(value)}
			}
		case []byte:
			v = bytesValue{value}
		default:
			return nil, fmt.Errorf("a %T is no value of a row", v)
		}
		l.values = append(l.values, v)
	}
	l.buf.Reset()
	err := l.encoder.Encode(l.values)
	return l.buf.Bytes(), err
}

// parseLine reads the row of a line.
func parseLine(t Table, line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, fmt.Errorf("this is no row: %w", err)
	}
	if len(raw) != len(t.Columns) {
		return nil, fmt.Errorf("there are %d values for %d columns", len(raw), len(t.Columns))
	}
	row := make([]any, len(raw))
	for i, c := range t.Columns {
		if string(raw[i]) == "null" {
			continue
		}
		var err error
		if row[i], err = parseValue(c.Sort, raw[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return row, nil
}

func parseValue(s Sort, raw json.RawMessage) (any, error) {
	switch s {
	case Whole:
		return strconv.ParseInt(string(raw), 10, 64)
	case Real:
		var special numberValue
		if json.Unmarshal(raw, &special) == nil {
			return strconv.ParseFloat(special.Number, 64)
		}
		return strconv.ParseFloat(string(raw), 64)
	case Flag:
		return strconv.ParseBool(string(raw))
	}
	if raw[0] == '{' {
		var special bytesValue
		if err := json.Unmarshal(raw, &special); err != nil {
			return nil, err
		}
		if s == Text {
			return string(special.Bytes), nil
		}
		return special.Bytes, nil
	}
	if s == Bytes {
		return nil, fmt.Errorf("%.20s are no bytes", raw)
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

// sum is what rows come to, in whatever order: how many they are, and the sum of
// the first sixteen bytes of their lines' SHA-256 as two numbers.
type sum struct {
	rows      int64
	high, low uint64
}

func (s *sum) add(line []byte) {
	of := sha256.Sum256(line)
	s.rows++
	s.high += binary.BigEndian.Uint64(of[:8])
	s.low += binary.BigEndian.Uint64(of[8:16])
}

// String returns the sum without the count, in hexadecimal.
func (s *sum) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], s.high)
	binary.BigEndian.PutUint64(b[8:], s.low)
	return hex.EncodeToString(b[:])
}
