package django

import (
	"math"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// JSON is appended by hand: the same few shapes go out all the time. The
// structs of documents.go describe them, and a test compares the two.

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte { return kit.AppendString(b, s, true) }

// appendTime appends a time in UTC with microseconds, or without a fraction
// where that is zero.
func appendTime(b []byte, t time.Time) []byte {
	layout := `"2006-01-02T15:04:05.000000Z"`
	if t.Nanosecond() < int(time.Microsecond) {
		layout = `"2006-01-02T15:04:05Z"`
	}
	return t.UTC().AppendFormat(b, layout)
}

// appendTimes appends the two times at the end of most objects.
func appendTimes(b []byte, created, updated time.Time) []byte {
	b = appendTime(append(b, `,"created_at":`...), created)
	b = appendTime(append(b, `,"updated_at":`...), updated)
	return append(b, '}')
}

// appendInt appends a member with a whole number.
func appendInt(b []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(b, key...), n, 10)
}

// appendWhole appends the whole part of a number, which clients of the Node
// dialect may have given a fraction.
func appendWhole(b []byte, key string, n float64) []byte {
	b = append(b, key...)
	n = math.Trunc(n)
	if math.Abs(n) < 1<<53 {
		return strconv.AppendInt(b, int64(n), 10)
	}
	return strconv.AppendFloat(b, n, 'f', 0, 64)
}

// appendText appends a member with a string.
func appendText(b []byte, key, s string) []byte { return appendString(append(b, key...), s) }

// appendFile appends a member with the address of a file, or null for none.
func appendFile(b []byte, key string, m kit.Media, ref string) []byte {
	b = append(b, key...)
	switch {
	case ref == "":
		return append(b, "null"...)
	case file.IsURL(ref):
		return appendString(b, ref)
	}
	// An address that we have made has nothing to escape.
	return append(m.Append(append(b, '"'), ref), '"')
}

// appendAll appends items separated by commas.
func appendAll[T any](b []byte, items []T, one func([]byte, T) []byte) []byte {
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, item)
	}
	return b
}
