package transfer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
)

// What a source does not know its records by is made of what it does know, so
// that it comes out the same each time.

// oidKind is the fifth byte of derived ObjectIds, to which the Kind is added;
// placeholderOID is that of those made of an external id.
const (
	oidKind        = 0xD0
	placeholderOID = 0xDF
)

// derivedOID makes an ObjectId of a record's number: four bytes of Unix seconds,
// one of the kind, seven of the number, all big-endian.
func derivedOID(kind Kind, number int64, created time.Time) oid.ID {
	var b [12]byte
	binary.BigEndian.PutUint64(b[4:], uint64(number))
	binary.BigEndian.PutUint32(b[:4], uint32(created.Unix()))
	b[4] = oidKind + byte(kind)
	return oid.ID(hex.EncodeToString(b[:]))
}

// oidOfExternal makes an ObjectId of an external id, in the same form.
func oidOfExternal(external string, created time.Time) oid.ID {
	var b [12]byte
	sum := sha256.Sum256([]byte(external))
	copy(b[5:], sum[:])
	binary.BigEndian.PutUint32(b[:4], uint32(created.Unix()))
	b[4] = placeholderOID
	return oid.ID(hex.EncodeToString(b[:]))
}

// timeOf returns the seconds that an ObjectId begins with.
func timeOf(id oid.ID) (time.Time, bool) {
	b, err := hex.DecodeString(string(id))
	if err != nil || len(b) != len(oidKey{}) {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint32(b)), 0).UTC(), true
}

const (
	externalPrefix = "user_"
	externalChars  = 27
)

// derivedExternalID makes an external id, of the form that account gives, of
// what a source knows a user by: his number, or else his ObjectId.
func derivedExternalID(u *User) string {
	of := string(u.OID)
	if u.ID != 0 {
		of = strconv.FormatInt(u.ID, 10)
	}
	sum := sha256.Sum256([]byte("user " + of))
	const base = 62 // digits and letters, as big writes them
	text := new(big.Int).SetBytes(sum[:]).Text(base)
	text = strings.Repeat("0", max(0, externalChars-len(text))) + text
	return externalPrefix + text[len(text)-externalChars:]
}

// oidKey is an ObjectId as the key of a large map.
type oidKey [12]byte

// keyOf returns the key of an ObjectId; of what is none, a key that no ObjectId
// is likely to have.
func keyOf(id oid.ID) (k oidKey) {
	if len(id) == hex.EncodedLen(len(k)) {
		if _, err := hex.Decode(k[:], []byte(id)); err == nil {
			return k
		}
	}
	sum := sha256.Sum256([]byte(id))
	copy(k[:], sum[:])
	return k
}
