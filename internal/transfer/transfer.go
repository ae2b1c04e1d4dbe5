// Package transfer brings whole libraries in from other systems, and out again.
//
// A Source yields records of one system in the words of this package, and a Sink
// takes them: a dump of MongoDB, a Django database, and our own database each are
// one or both. Records keep what the other system knows them by; what refers to
// another record does so by the words of its source, because only all of a
// library shows what is there.
package transfer

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// Kind is a kind of record. They are brought in in the order of these constants,
// so that what is referred to comes first.
type Kind uint8

// The kinds.
const (
	Users Kind = iota
	Albums
	Songs
	Messages
	Tokens  // that API clients sign in with
	Changes // of the admin log
	Kinds   // how many kinds there are
)

var kindNames = [Kinds]string{"users", "albums", "songs", "messages", "tokens", "changes"}

// String returns the name of the kind, such as "users".
func (k Kind) String() string {
	if k < Kinds {
		return kindNames[k]
	}
	return "unknown"
}

// Place is where in its source a record was found.
type Place struct {
	File   string // or the table of a database
	Offset int64  // in bytes, where the record begins; -1 if it has none
	Row    int64  // from 1; 0 if the source has offsets
}

// String returns the place as it is reported: "songs.bson, byte 1234", or
// "songs, row 12".
func (p Place) String() string {
	switch {
	case p.Row > 0:
		return fmt.Sprintf("%s, row %d", p.File, p.Row)
	case p.Offset >= 0:
		return fmt.Sprintf("%s, byte %d", p.File, p.Offset)
	}
	return p.File
}

// Ref names another record as the source does: by number, by ObjectId, or, of
// users, by external id. The zero value names none.
type Ref struct {
	ID       int64
	OID      oid.ID
	External string
}

// IsZero reports whether it names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns what the reference names, such as "12" or "user_abc".
func (r Ref) String() string {
	switch {
	case r.ID != 0:
		return strconv.FormatInt(r.ID, 10)
	case r.External != "":
		return strconv.Quote(r.External)
	case r.OID != "":
		return string(r.OID)
	}
	return "nobody"
}

// User is a person of the source. Of ID, OID and ExternalID a source gives
// those that it knows.
type User struct {
	Place      Place
	ID         int64
	OID        oid.ID
	ExternalID string
	Email      string // "" if the source knows none
	Verified   bool
	FullName   string
	Image      string // an address or a path of the source's; "" for none
	Password   string // its hash as the source stores it, which account.Hasher can verify; "" for none
	Active     bool
	Role       account.Role
	Joined     time.Time
	Updated    time.Time
	LastLogin  time.Time // zero if never
}

// unknownName is what somebody is called of whom there is nothing but messages.
const unknownName = "Unknown"

// Placeholder reports whether the user is one that an import has made for the
// sake of messages whose sender or receiver its source no longer had.
func (u *User) Placeholder() bool {
	return !u.Active && u.FullName == unknownName && u.Email == "" && u.Password == ""
}

// Album is an album of the source.
type Album struct {
	Place       Place
	ID          int64
	OID         oid.ID
	Title       string
	Artist      string
	Image       string
	ReleaseYear float64
	// Songs are those that the album lists, in its order; nil if the source has
	// no such lists. A song that names the album and is not listed comes after.
	Songs   []oid.ID
	Created time.Time
	Updated time.Time
}

// Song is a song of the source.
type Song struct {
	Place    Place
	ID       int64
	OID      oid.ID
	Title    string
	Artist   string
	Image    string
	Audio    string
	Duration float64 // seconds
	Album    Ref     // may name one that does not exist
	Position int64   // its place in its album, from 1; 0 if the source does not say, or the album's list does
	Created  time.Time
	Updated  time.Time
}

// Message is what one user of the source wrote to another.
type Message struct {
	Place    Place
	ID       int64
	OID      oid.ID
	Sender   Ref
	Receiver Ref
	Content  string
	Created  time.Time
	Updated  time.Time
}

// Token is a key that a client of the source's API signs in with.
type Token struct {
	Place   Place
	User    Ref
	Key     string // as the client sends it; from our own database "", which keeps hashes
	Hash    string // as account stores it; "" if Key is given
	Label   string
	Created time.Time
}

// Change is an entry of the source's admin log.
type Change struct {
	Place Place
	Entry audit.Entry // its ActorID is the source's number of the user
}

// Source is a library that can be read, more than once. Each calls do with every
// record of a kind: a *User for Users, and so on, which is do's only until it
// returns. Each stops with do's first error. What cannot be read is told to
// problem and left out; an error of Each itself is one after which nothing more
// can be read.
type Source interface {
	// Each reads the records of one kind, in the source's order.
	Each(ctx context.Context, kind Kind, do func(record any) error, problem func(Problem)) error
	// Count returns how many records of the kind there are, or about, for the
	// progress; -1 if that cannot be told without reading them.
	Count(ctx context.Context, kind Kind) (int64, error)
}

// Sink takes a library. Write is called with the records of one kind after
// another, in the order of Kinds; it does not keep a record. It reports whether
// it has written the record, for there may be no place for one.
type Sink interface {
	Write(ctx context.Context, record any, problem func(Problem)) (written bool, err error)
}

// Problem is something about a record, or a file, that was not as it should be.
type Problem struct {
	Place Place
	// Rule is a short name by which problems are counted, such as "wrong type"
	// or "dangling album"; What says it in a sentence with names and values.
	Rule string
	What string
	// Lost says that the record was left out; else it was brought in by the rule.
	Lost bool
}
