package transfer

import (
	"fmt"
	"testing"

	"github.com/antiphon-music/antiphon/internal/oid"
)

func testOID(n int) oid.ID { return oid.ID(fmt.Sprintf("%024x", n)) }

// Two albums are stored, a third is not. Album 1 lists the songs 13 and 11, album
// 2 lists 13 once more, 12 and a song that never comes, album 3 lists 14.
func listedAlbums(t *testing.T) *names {
	t.Helper()
	n := newNames()
	for i, songs := range [][]oid.ID{{testOID(13), testOID(11)}, {testOID(13), testOID(12), testOID(99)}, {testOID(14)}} {
		a := &Album{OID: testOID(i + 1), Songs: songs}
		n.list(a)
		if i < 2 {
			n.stored(a, int64(i+100), false)
		}
	}
	again := 0
	n.sortListed(func(song oidKey) {
		if again++; song != keyOf(testOID(13)) {
			t.Errorf("the song %x is listed twice", song)
		}
	})
	if again != 1 {
		t.Errorf("%d songs are listed twice", again)
	}
	return n
}

func TestPlaceSong(t *testing.T) {
	n := listedAlbums(t)
	tests := []struct {
		song, album int // 0 for none
		want        placement
	}{
		{11, 1, placement{album: 100, position: 2}},
		{11, 1, placement{album: 100, position: 3}}, // it comes again
		{12, 0, placement{album: 101, position: 2, joined: true}},
		{13, 2, placement{album: 101, position: 4, elsewhere: true}},
		{14, 3, placement{}},                        // its album is not stored
		{15, 1, placement{album: 100, position: 4}}, // not listed
		{16, 0, placement{}},
		{17, 50, placement{}},
	}
	for _, test := range tests {
		s := &Song{OID: testOID(test.song)}
		if test.album != 0 {
			s.Album.OID = testOID(test.album)
		}
		if got := n.placeSong(s); got != test.want {
			t.Errorf("song %d of album %d: %+v, want %+v", test.song, test.album, got, test.want)
		}
	}
	if _, songs := n.dangling(); len(songs) != 1 || songs[0] != keyOf(testOID(99)) {
		t.Errorf("%x are listed and did not come", songs)
	}
}

func TestUserNames(t *testing.T) {
	n := newNames()
	n.inTarget(&User{ID: 5, OID: testOID(5), ExternalID: "five", Email: "Five@example.com"})
	n.stored(&User{ID: 7, OID: testOID(7), ExternalID: "seven"}, 7, true)
	for ref, want := range map[Ref]int64{
		{}:                  0,
		{ID: 5}:             0, // who may be somebody else in the source
		{External: "five"}:  5,
		{OID: testOID(5)}:   5,
		{ID: 7}:             7,
		{External: "seven"}: 7,
		{External: "six"}:   0,
	} {
		if got := n.user(ref); got != want {
			t.Errorf("%s is %d, want %d", ref, got, want)
		}
	}
	if n.claim("five@example.com", testOID(7)) || !n.claim("five@example.com", testOID(5)) || !n.claim("x@example.com", testOID(7)) {
		t.Error("an address has one owner")
	}
}
