package mongo

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
)

// The types of BSON: https://bsonspec.org/spec.html.
const (
	bsonDouble     = 0x01
	bsonString     = 0x02
	bsonDocument   = 0x03
	bsonArray      = 0x04
	bsonBinary     = 0x05
	bsonUndefined  = 0x06
	bsonObjectID   = 0x07
	bsonBool       = 0x08
	bsonDate       = 0x09
	bsonNull       = 0x0a
	bsonRegex      = 0x0b
	bsonPointer    = 0x0c
	bsonCode       = 0x0d
	bsonSymbol     = 0x0e
	bsonScopedCode = 0x0f
	bsonInt32      = 0x10
	bsonTimestamp  = 0x11
	bsonInt64      = 0x12
	bsonDecimal    = 0x13
	bsonMaxKey     = 0x7f
	bsonMinKey     = 0xff
)

// emptyDocument is the length of a document of nothing: its length and the zero
// that ends it, in bytes.
const emptyDocument = 4 + 1

// walkBSON walks through a document of BSON. It looks into no value deeper than
// it must to pass over it, so that depth costs nothing.
func walkBSON(document []byte, do func(key []byte, v value) error) error {
	if len(document) < emptyDocument || int64(binary.LittleEndian.Uint32(document)) != int64(len(document)) ||
		document[len(document)-1] != 0 {
		return malformed("a document is not as long as it says")
	}
	rest := document[4 : len(document)-1]
	for len(rest) > 0 {
		kind := rest[0]
		end := bytes.IndexByte(rest[1:], 0)
		if end < 0 {
			return malformed("a key does not end")
		}
		key := rest[1 : 1+end]
		rest = rest[1+end+1:]
		n, ok := bsonLength(kind, rest)
		if !ok {
			return malformed("the value of " + strconv.Quote(shortened(key)) + " is of an unknown type, or ends after its document")
		}
		v, ok := bsonValue(kind, rest[:n])
		if !ok {
			return malformed("the value of " + strconv.Quote(shortened(key)) + " is not as long as it says")
		}
		if err := do(key, v); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// bsonLength returns how long the value is that rest begins with.
func bsonLength(kind byte, rest []byte) (n int, ok bool) {
	prefixed := int64(-1) // the length that a value begins with
	if len(rest) >= 4 {
		prefixed = int64(int32(binary.LittleEndian.Uint32(rest)))
	}
	want := int64(-1)
	switch kind {
	case bsonUndefined, bsonNull, bsonMaxKey, bsonMinKey:
		want = 0
	case bsonBool:
		want = 1
	case bsonInt32:
		want = 4
	case bsonDouble, bsonDate, bsonTimestamp, bsonInt64:
		want = 8
	case bsonObjectID:
		want = 12
	case bsonDecimal:
		want = 16
	case bsonString, bsonCode, bsonSymbol:
		if prefixed >= 1 {
			want = 4 + prefixed
		}
	case bsonPointer:
		if prefixed >= 1 {
			want = 4 + prefixed + 12
		}
	case bsonBinary:
		if prefixed >= 0 {
			want = 4 + 1 + prefixed
		}
	case bsonDocument, bsonArray:
		if prefixed >= emptyDocument {
			want = prefixed
		}
	case bsonScopedCode:
		if prefixed >= 4+4+1+emptyDocument {
			want = prefixed
		}
	case bsonRegex:
		if pattern := bytes.IndexByte(rest, 0); pattern >= 0 {
			if flags := bytes.IndexByte(rest[pattern+1:], 0); flags >= 0 {
				want = int64(pattern + 1 + flags + 1)
			}
		}
	}
	if want < 0 || want > int64(len(rest)) {
		return 0, false
	}
	return int(want), true
}

// bsonValue reads a value that is as long as bsonLength says.
func bsonValue(kind byte, data []byte) (v value, ok bool) {
	switch kind {
	case bsonNull, bsonUndefined:
		v.form = null
	case bsonString, bsonSymbol:
		if data[len(data)-1] != 0 {
			return v, false
		}
		v.form, v.data = text, data[4:len(data)-1]
	case bsonInt32:
		v.form, v.whole = whole, int64(int32(binary.LittleEndian.Uint32(data)))
	case bsonInt64:
		v.form, v.whole = whole, int64(binary.LittleEndian.Uint64(data))
	case bsonDouble:
		v.form, v.number = double, math.Float64frombits(binary.LittleEndian.Uint64(data))
	case bsonDecimal:
		v.form, v.number = decimal, decimal128(binary.LittleEndian.Uint64(data[8:]), binary.LittleEndian.Uint64(data))
	case bsonBool:
		v.form, v.whole = boolean, int64(data[0])
		return v, data[0] <= 1
	case bsonDate:
		v.form, v.whole = date, int64(binary.LittleEndian.Uint64(data))
	case bsonObjectID:
		v.form, v.id = id, [12]byte(data)
	case bsonDocument:
		v.form, v.data, v.walk = object, data, walkBSON
	case bsonArray:
		v.form, v.data, v.walk = array, data, walkBSON
	}
	return v, true
}

// decimal128 returns the float64 that is nearest to a decimal of 128 bits, by
// its halves: IEEE 754-2008 with a binary integer as the significand
// (https://github.com/mongodb/specifications/blob/master/source/bson-decimal128/decimal128.md).
func decimal128(high, low uint64) float64 {
	sign := 1
	if high>>63 != 0 {
		sign = -1
	}
	switch high >> 58 & 0x1f {
	case 0x1f:
		return math.NaN()
	case 0x1e:
		return math.Inf(sign)
	}
	exponent, significand := high>>49&0x3fff, new(big.Int)
	if high>>61&3 == 3 {
		// The second form has more digits than a decimal may: it stands for zero.
		exponent = high >> 47 & 0x3fff
	} else {
		significand.SetUint64(high & (1<<49 - 1))
		significand.Or(significand.Lsh(significand, 64), new(big.Int).SetUint64(low))
	}
	const bias = 6176
	digits := significand.String() + "e" + strconv.Itoa(int(exponent)-bias)
	// What is out of range is infinity, which is what is meant.
	f, _ := strconv.ParseFloat(digits, 64)
	return math.Copysign(f, float64(sign))
}
