package transfer

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// names knows by which numbers the users and albums of a source are stored, and
// nothing of songs and messages but where albums list songs. It is safe for
// concurrent use.
type names struct {
	mu sync.Mutex

	userByID       map[int64]int64
	userByOID      map[oidKey]int64
	userByExternal map[string]int64
	emails         map[string]oidKey // who has a folded address

	albums     []albumName
	albumByID  map[int64]int32
	albumByOID map[oidKey]int32
	albumFile  string
	// listed are the songs that albums list. There may be millions, of which a
	// sorted list takes a third of the memory of a map.
	listed   []listing
	expected int64 // how many
}

// albumName is what is kept of an album.
type albumName struct {
	number int64 // 0 as long as it is not stored
	last   int32 // the position of its last song
}

// listing is where an album lists a song.
type listing struct {
	song     oidKey
	album    int32
	position int32 // 0 once the song came
}

func newNames() *names {
	return &names{
		userByID: map[int64]int64{}, userByOID: map[oidKey]int64{}, userByExternal: map[string]int64{}, emails: map[string]oidKey{},
		albumByID: map[int64]int32{}, albumByOID: map[oidKey]int32{},
	}
}

// inTarget notes a record that the target had before. A number alone does not
// name it: the source may mean another by it.
func (n *names) inTarget(record any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch r := record.(type) {
	case *User:
		key := keyOf(r.OID)
		n.userByOID[key] = r.ID
		n.userByExternal[r.ExternalID] = r.ID
		if r.Email != "" {
			n.emails[account.FoldEmail(r.Email)] = key
		}
	case *Album:
		n.albums[n.albumAt(r.OID)].number = r.ID
	}
}

// stored notes that a record of the source is stored by a number, which may not
// be the source's.
func (n *names) stored(record any, number int64, numbered bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch r := record.(type) {
	case *User:
		n.userByOID[keyOf(r.OID)] = number
		n.userByExternal[r.ExternalID] = number
		if numbered {
			n.userByID[r.ID] = number
		}
	case *Album:
		at := n.albumAt(r.OID)
		n.albums[at].number = number
		if numbered {
			n.albumByID[r.ID] = at
		}
	}
}

// albumAt returns the place of an album in albums.
func (n *names) albumAt(id oid.ID) int32 {
	key := keyOf(id)
	at, ok := n.albumByOID[key]
	if !ok {
		at = int32(len(n.albums))
		n.albums = append(n.albums, albumName{})
		n.albumByOID[key] = at
	}
	return at
}

// user returns the number by which a user is stored; 0 if he is not.
func (n *names) user(r Ref) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case r.ID != 0:
		return n.userByID[r.ID]
	case r.External != "":
		return n.userByExternal[r.External]
	case r.OID != "":
		return n.userByOID[keyOf(r.OID)]
	}
	return 0
}

// claim takes a folded address for a user, and returns false if another has it.
func (n *names) claim(folded string, id oid.ID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := keyOf(id)
	if has, taken := n.emails[folded]; taken {
		return has == key
	}
	n.emails[strings.Clone(folded)] = key // it may be a part of a long line
	return true
}

// forgetEmails ends the claims, once there are no more users.
func (n *names) forgetEmails() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.emails = nil
}

// expect says that there are so many songs, or about.
func (n *names) expect(songs int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.expected = min(max(songs, 0), mostExpected)
}

// mostExpected bounds the room that is made on a source's word: 100 MiB.
const mostExpected = 100 << 20 / 20

// list notes the songs of an album.
func (n *names) list(a *Album) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := n.albumAt(a.OID)
	n.albumFile = a.Place.File
	if len(a.Songs) > 0 && n.listed == nil { // a list that grows takes twice its memory
		n.listed = make([]listing, 0, n.expected)
	}
	for i, song := range a.Songs {
		n.listed = append(n.listed, listing{keyOf(song), at, int32(i + 1)})
	}
	n.albums[at].last = max(n.albums[at].last, int32(len(a.Songs)))
}

// sortListed makes the listings ready to be looked up, and calls again for each
// song that is listed a second time, which is left out.
func (n *names) sortListed(again func(oidKey)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	slices.SortFunc(n.listed, func(a, b listing) int {
		return cmp.Or(bytes.Compare(a.song[:], b.song[:]), cmp.Compare(a.album, b.album), cmp.Compare(a.position, b.position))
	})
	kept := n.listed[:0]
	for i, l := range n.listed {
		if i > 0 && l.song == kept[len(kept)-1].song {
			again(l.song)
			continue
		}
		kept = append(kept, l)
	}
	n.listed = kept
}

// listing returns where a song is listed; nil if it is not.
func (n *names) listing(song oidKey) *listing {
	at, found := slices.BinarySearchFunc(n.listed, song, func(l listing, song oidKey) int { return bytes.Compare(l.song[:], song[:]) })
	if !found {
		return nil
	}
	return &n.listed[at]
}

// album returns the place in albums of one that is stored, or -1.
func (n *names) album(r Ref) int32 {
	at, ok := int32(-1), false
	switch {
	case r.ID != 0:
		at, ok = n.albumByID[r.ID]
	case r.OID != "":
		at, ok = n.albumByOID[keyOf(r.OID)]
	}
	if !ok || n.albums[at].number == 0 {
		return -1
	}
	return at
}

// placement is what names knows about a song's album.
type placement struct {
	album     int64 // its number; 0 for none
	position  int64
	joined    bool // an album lists the song, which itself names none
	elsewhere bool // an album lists the song, which itself names another
}

// placeSong finds the place of a song: the one where its album lists it, or else
// the one that it names, or else behind the others.
func (n *names) placeSong(s *Song) (p placement) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := n.album(s.Album)
	if l := n.listing(keyOf(s.OID)); l != nil && l.position != 0 {
		position := l.position
		l.position = 0
		if at < 0 && s.Album.IsZero() && n.albums[l.album].number != 0 {
			at, p.joined = l.album, true
		}
		if at == l.album {
			p.position = int64(position)
		} else {
			p.elsewhere = n.albums[l.album].number != 0
		}
	}
	if at < 0 {
		return p
	}
	album := &n.albums[at]
	p.album = album.number
	if p.position == 0 {
		p.position = s.Position
	}
	if p.position == 0 {
		album.last++
		p.position = int64(album.last)
	}
	return p
}

// dangling returns the songs that are listed and did not come, by album, with
// the file of the albums.
func (n *names) dangling() (file string, songs []oidKey) {
	n.mu.Lock()
	defer n.mu.Unlock()
	left := slices.DeleteFunc(n.listed, func(l listing) bool { return l.position == 0 })
	slices.SortFunc(left, func(a, b listing) int {
		return cmp.Or(cmp.Compare(a.album, b.album), cmp.Compare(a.position, b.position))
	})
	for _, l := range left {
		songs = append(songs, l.song)
	}
	n.listed = nil
	return n.albumFile, songs
}
