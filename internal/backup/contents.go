package backup

import (
	"bytes"
	"encoding/hex"
	"slices"

	"github.com/antiphon-music/antiphon/internal/media"
)

// contentList is a list of contents by key, as small as can be: there may be a
// million.
type contentList struct {
	bases []Base
	list  []content
}

type content struct {
	hash [32]byte
	size int64
	in   int32 // the place of its base, from 1; 0 for the archive itself
}

func (c content) key() media.Key { return media.Key(hex.EncodeToString(c.hash[:])) }

// hashOf returns the hash that a valid key is.
func hashOf(key media.Key) (hash [32]byte) {
	_, _ = hex.Decode(hash[:], []byte(key)) // it is valid
	return hash
}

func byHash(c content, hash [32]byte) int { return bytes.Compare(c.hash[:], hash[:]) }

// find returns the place of a content.
func (l *contentList) find(key media.Key) (at int, ok bool) {
	return slices.BinarySearchFunc(l.list, hashOf(key), byHash)
}

// listed returns a content as an archive lists it.
func (l *contentList) listed(i int) Listed {
	c := l.list[i]
	listed := Listed{Key: c.key(), Size: c.size}
	if c.in > 0 {
		listed.In = l.bases[c.in-1].ID
	}
	return listed
}

// add appends a content of a greater key than the others, which the base of an id
// has. It reports whether the key is greater, and the base is known.
func (l *contentList) add(c Listed) bool {
	in := 0
	if c.In != "" {
		in = slices.IndexFunc(l.bases, func(b Base) bool { return b.ID == c.In }) + 1
		if in == 0 {
			return false
		}
	}
	hash := hashOf(c.Key)
	if n := len(l.list); n > 0 && byHash(l.list[n-1], hash) >= 0 {
		return false
	}
	l.list = append(l.list, content{hash, c.Size, int32(in)})
	return true
}
