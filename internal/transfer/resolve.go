package transfer

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// reader makes records of a source into those of the target. It is used by one
// goroutine.
type reader struct {
	tidier
	kind  Kind
	names *names
	next  [Kinds]int64 // the least number that is free
	extra []any        // accounts that the record at hand makes necessary
}

// record returns the target's own copy of a record, and whether the source knew
// its number; nil if it cannot be brought in, of which it has told.
func (r *reader) record(of any) (record any, numbered bool) {
	record, place := clone(of)
	r.place = place
	if !r.tidy(record) {
		return nil, false
	}
	if number := numberOf(record); number != nil {
		if numbered = *number != 0; !numbered {
			*number = r.next[r.kind]
		}
		r.next[r.kind] = max(r.next[r.kind], *number+1)
	}
	switch v := record.(type) {
	case *User:
		r.claimEmail(v)
	case *Album:
		r.names.list(v)
		v.Songs = nil
	case *Song:
		r.placeSong(v)
	case *Message:
		if !r.party("sender", &v.Sender, v.Created) || !r.party("receiver", &v.Receiver, v.Created) {
			return nil, false
		}
	case *Token:
		if v.User = (Ref{ID: r.names.user(v.User)}); v.User.ID == 0 {
			r.lost(RuleUnknownUser, "the token is nobody's")
			return nil, false
		}
	case *Change:
		r.actor(v)
	}
	return record, numbered
}

// clone copies a record, which its source goes on to use.
func clone(of any) (record any, place Place) {
	switch v := of.(type) {
	case *User:
		c := *v
		return &c, c.Place
	case *Album:
		c := *v
		return &c, c.Place
	case *Song:
		c := *v
		return &c, c.Place
	case *Message:
		c := *v
		return &c, c.Place
	case *Token:
		c := *v
		return &c, c.Place
	case *Change:
		c := *v
		return &c, c.Place
	}
	return of, Place{Offset: -1}
}

// numberOf returns where a record has its number; nil for a kind that has none
// of its own.
func numberOf(record any) *int64 {
	switch v := record.(type) {
	case *User:
		return &v.ID
	case *Album:
		return &v.ID
	case *Song:
		return &v.ID
	case *Message:
		return &v.ID
	}
	return nil
}

// claimEmail gives a user whose address somebody else has, in whatever case,
// one that nobody can have. What he has besides is his.
func (r *reader) claimEmail(u *User) {
	folded := account.FoldEmail(u.Email)
	if folded == "" || r.names.claim(folded, u.OID) {
		return
	}
	instead := fmt.Sprintf("%d+duplicate@duplicate.invalid", u.ID)
	r.told(RuleSameEmail, "%s is somebody's already: the account has %s until an admin changes it", u.Email, instead)
	u.Email, u.Verified = instead, false
}

func (r *reader) placeSong(s *Song) {
	p := r.names.placeSong(s)
	switch {
	case p.joined:
		r.told(RuleOtherAlbum, "an album lists the song %s, which names none: it was put there", s.OID)
	case p.elsewhere:
		r.told(RuleOtherAlbum, "an album lists the song %s, which names another: the song has its way", s.OID)
	}
	named := s.Album
	s.Album, s.Position = Ref{ID: p.album}, p.position
	if p.album != 0 || named.IsZero() {
		return
	}
	id, ok := oid.Parse(string(named.OID))
	if !ok {
		r.told(RuleNoAlbum, "there is no album %d: the song has none", named.ID)
		return
	}
	s.Album.OID = id
	r.told(RuleNoAlbum, "there is no album %s: the song goes on naming it", id)
}

// party has a message refer to one of its two users by number, and makes an
// account for one of whom there is an external id alone.
func (r *reader) party(role string, ref *Ref, at time.Time) bool {
	number := r.names.user(*ref)
	if number == 0 && ref.ID == 0 && ref.External != "" {
		u := &User{
			Place: r.place, ID: r.next[Users], OID: oidOfExternal(ref.External, at), ExternalID: ref.External,
			FullName: unknownName, Joined: at, Updated: at,
		}
		if r.text("external id", &u.ExternalID, maxKey); len(u.ExternalID) > maxIndexed || u.ExternalID != ref.External {
			r.lost(RuleUnknownUser, "the %s's external id cannot be one", role)
			return false
		}
		number = u.ID
		r.next[Users]++
		r.extra = append(r.extra, u)
		r.names.stored(u, number, false)
		r.told(RuleUnknownUser, "the %s, %q, is none of the users: an account was made in which nobody can sign in", role, ref.External)
	}
	if number == 0 {
		r.lost(RuleUnknownUser, "the %s, %s, is none of the users", role, ref)
		return false
	}
	*ref = Ref{ID: number}
	return true
}

// actor has a change refer to who made it.
func (r *reader) actor(c *Change) {
	if c.Entry.ActorID == 0 {
		return
	}
	number := r.names.user(Ref{ID: c.Entry.ActorID})
	if number == 0 {
		r.told(RuleUnknownUser, "the user %d, who made the change, is none of the users", c.Entry.ActorID)
	}
	c.Entry.ActorID = number
}

// sortListed makes ready what albums list, before the songs come.
func (r *reader) sortListed() {
	r.place = Place{File: r.names.albumFile, Offset: -1}
	r.names.sortListed(func(song oidKey) {
		r.told(RuleOtherAlbum, "the song %s is listed a second time, which was left out", hex.EncodeToString(song[:]))
	})
}

// dangling tells of the songs that albums list and that do not exist.
func (r *reader) dangling() {
	file, songs := r.names.dangling()
	r.place = Place{File: file, Offset: -1}
	for _, key := range songs {
		r.told(RuleNoSong, "there is no song %s, which an album lists", hex.EncodeToString(key[:]))
	}
}
