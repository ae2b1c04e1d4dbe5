// Package oid makes and reads the 24-digit identifiers that the Node dialect
// calls _id.
//
// The format is MongoDB's ObjectId: 4 bytes of Unix seconds, 5 random bytes
// of the process and a 3-byte counter, all big-endian
// (https://www.mongodb.com/docs/manual/reference/bson-types/#objectid).
package oid

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"time"
)

// ID is an ObjectId as 24 lower-case hexadecimal digits, or "" for none.
type ID string

const digits = 24

// Parse reads 24 hexadecimal digits of either case.
func Parse(s string) (ID, bool) {
	if len(s) != digits {
		return "", false
	}
	s = strings.ToLower(s)
	if strings.Trim(s, "0123456789abcdef") != "" {
		return "", false
	}
	return ID(s), true
}

// Source makes IDs that are unique among all sources and rise with time
// within one. It is safe for concurrent use.
type Source struct {
	now     func() time.Time
	process [5]byte
	counter atomic.Uint32
}

// NewSource returns a source that reads the time from now.
func NewSource(now func() time.Time) *Source {
	s := &Source{now: now}
	var seed [3]byte
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(s.process[:])
	_, _ = rand.Read(seed[:])
	// The top bit stays clear so that the 24-bit counter does not wrap early.
	s.counter.Store(uint32(seed[0]&0x7f)<<16 | uint32(seed[1])<<8 | uint32(seed[2]))
	return s
}

// New returns the next ID.
func (s *Source) New() ID {
	var b [12]byte
	binary.BigEndian.PutUint32(b[0:4], uint32(s.now().Unix()))
	copy(b[4:9], s.process[:])
	n := s.counter.Add(1)
	b[9], b[10], b[11] = byte(n>>16), byte(n>>8), byte(n)
	return ID(hex.EncodeToString(b[:]))
}
