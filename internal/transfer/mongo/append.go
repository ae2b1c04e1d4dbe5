package mongo

import (
	"math"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
)

// These append the values of canonical extended JSON, which keeps every type of
// BSON (see walkExtended).

func appendID(b []byte, id oid.ID) []byte {
	b = append(b, `{"$oid":"`...)
	b = append(b, id...)
	return append(b, `"}`...)
}

func appendDate(b []byte, t time.Time) []byte {
	b = append(b, `{"$date":{"$numberLong":"`...)
	b = strconv.AppendInt(b, t.UnixMilli(), 10)
	return append(b, `"}}`...)
}

// appendNumber appends a number as the driver of Node.js stores it: whole ones as
// 32 bits if they fit.
func appendNumber(b []byte, f float64) []byte {
	if f == math.Trunc(f) && f >= math.MinInt32 && f <= math.MaxInt32 && !(f == 0 && math.Signbit(f)) {
		b = append(b, `{"$numberInt":"`...)
		b = strconv.AppendInt(b, int64(f), 10)
		return append(b, `"}`...)
	}
	b = append(b, `{"$numberDouble":"`...)
	switch {
	case math.IsNaN(f):
		b = append(b, "NaN"...)
	case math.IsInf(f, 1):
		b = append(b, "Infinity"...)
	case math.IsInf(f, -1):
		b = append(b, "-Infinity"...)
	default:
		b = strconv.AppendFloat(b, f, 'G', -1, 64)
	}
	return append(b, `"}`...)
}
