package transfer

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"time"
)

// hasher makes checksums of records, which are the same within one run for the
// same record, wherever it was read. It is used by one goroutine.
type hasher struct {
	seed maphash.Seed
	buf  []byte
}

func newHasher(seed maphash.Seed) *hasher { return &hasher{seed: seed} }

// whole returns the checksum of everything that is stored of a record.
func (h *hasher) whole(record any) uint64 {
	h.content(record)
	switch r := record.(type) {
	case *User:
		h.int(r.ID)
		h.text(r.Password)
		h.bool(r.Active)
		h.int(int64(r.Role))
		h.time(r.LastLogin)
	case *Album:
		h.int(r.ID)
	case *Song:
		h.int(r.ID)
		h.int(r.Position)
	case *Message:
		h.int(r.ID)
	}
	return maphash.Bytes(h.seed, h.buf)
}

// same reports whether two records say the same: their numbers, and what changes
// by itself, such as when somebody was last there, may differ, and so may what an
// admin decides about a user.
func (h *hasher) same(a, b any) bool {
	h.content(a)
	sum := maphash.Bytes(h.seed, h.buf)
	h.content(b)
	return sum == maphash.Bytes(h.seed, h.buf)
}

// content collects what a record says, without what it is numbered.
func (h *hasher) content(record any) {
	h.buf = h.buf[:0]
	switch r := record.(type) {
	case *User:
		h.text(string(r.OID), r.ExternalID, r.Email, r.FullName, r.Image)
		h.bool(r.Verified)
		h.time(r.Joined, r.Updated)
	case *Album:
		h.text(string(r.OID), r.Title, r.Artist, r.Image)
		h.float(r.ReleaseYear)
		h.time(r.Created, r.Updated)
	case *Song:
		h.text(string(r.OID), r.Title, r.Artist, r.Image, r.Audio)
		h.float(r.Duration)
		h.int(r.Album.ID)
		h.text(string(r.Album.OID))
		h.time(r.Created, r.Updated)
	case *Message:
		h.text(string(r.OID), r.Content)
		h.int(r.Sender.ID)
		h.int(r.Receiver.ID)
		h.time(r.Created, r.Updated)
	case *Token:
		h.int(r.User.ID)
		h.text(r.Hash, r.Label)
		h.time(r.Created)
	case *Change:
		e := &r.Entry
		h.time(e.At)
		h.int(e.ActorID)
		h.text(e.Actor, e.Model, e.ObjectID, e.Object, string(e.Action))
		for _, c := range e.Changes {
			h.text(c.Field, c.From, c.To)
		}
	}
}

// text writes the texts, each behind its length.
func (h *hasher) text(texts ...string) {
	for _, t := range texts {
		h.buf = binary.AppendUvarint(h.buf, uint64(len(t)))
		h.buf = append(h.buf, t...)
	}
}

func (h *hasher) int(n int64) { h.buf = binary.LittleEndian.AppendUint64(h.buf, uint64(n)) }

func (h *hasher) float(f float64) { h.int(int64(math.Float64bits(f))) }

func (h *hasher) bool(b bool) {
	if b {
		h.buf = append(h.buf, 1)
	} else {
		h.buf = append(h.buf, 0)
	}
}

// time writes the times as the database has them, in microseconds.
func (h *hasher) time(times ...time.Time) {
	for _, t := range times {
		if t.IsZero() {
			h.int(math.MinInt64)
		} else {
			h.int(t.UnixMicro())
		}
	}
}

// sum is a checksum of many records in any order.
type sum struct {
	count int64
	total uint64
}

func (s *sum) add(checksum uint64) {
	s.count++
	s.total += checksum
}

// String returns the checksum in hexadecimal digits.
func (s sum) String() string { return fmt.Sprintf("%016x", s.total) }

// plus returns the checksum of two lots of records.
func (s sum) plus(o sum) sum { return sum{s.count + o.count, s.total + o.total} }
