package transfer

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// The rules by which an importer brings in what is not as it should be. Sources
// have more of their own.
const (
	RuleMedia       = "file not brought in"
	RuleNoID        = "no id"
	RuleBadText     = "bad text"
	RuleTooLong     = "too long"
	RuleNoNumber    = "not a number"
	RuleNoTime      = "no time"
	RuleSameEmail   = "same e-mail"
	RuleFirstAdmin  = "first admin"
	RuleDuplicate   = "duplicate"
	RuleConflict    = "conflict"
	RuleNoAlbum     = "dangling album"
	RuleNoSong      = "dangling song"
	RuleOtherAlbum  = "listed elsewhere"
	RuleUnknownUser = "unknown user"
)

// maxIndexed is the greatest length, in bytes, of a text that PostgreSQL can
// keep in an index: an entry has to fit three times into a page of 8 KiB.
const maxIndexed = 2500

// maxKey is the greatest length of a token's label and of an external id.
const maxKey = 255

// tidier puts records right on their own, without a look at others.
type tidier struct {
	place Place
	tell  func(Problem)
}

func (t *tidier) told(rule, format string, args ...any) {
	t.tell(Problem{Place: t.place, Rule: rule, What: fmt.Sprintf(format, args...)})
}

func (t *tidier) lost(rule, format string, args ...any) {
	t.tell(Problem{Place: t.place, Rule: rule, What: fmt.Sprintf(format, args...), Lost: true})
}

// text makes a text one that can be stored, and tells of one that is longer than
// the server lets anybody write; it is kept as it is.
func (t *tidier) text(field string, s *string, most int) {
	if strings.IndexByte(*s, 0) >= 0 || !utf8.ValidString(*s) {
		t.told(RuleBadText, "%s: null characters were left out, and what is not UTF-8 was replaced", field)
		*s = strings.ReplaceAll(strings.ToValidUTF8(*s, string(utf8.RuneError)), "\x00", "")
	}
	if len(*s) > most {
		if n := utf8.RuneCountInString(*s); n > most {
			t.told(RuleTooLong, "%s: %d characters, where %d are the most; it was kept", field, n, most)
		}
	}
}

// cut shortens a text that the database could not keep in an index.
func (t *tidier) cut(field string, s *string, most int) {
	if len(*s) <= most {
		return
	}
	end := most
	for !utf8.RuneStart((*s)[end]) {
		end--
	}
	t.told(RuleTooLong, "%s: %d bytes, where %d are the most; the rest was cut off", field, len(*s), most)
	*s = (*s)[:end]
}

// number makes a number finite, as all that JSON can write are; and -0, which
// not every database tells from 0, the latter.
func (t *tidier) number(field string, n *float64) {
	if math.IsNaN(*n) || math.IsInf(*n, 0) {
		t.told(RuleNoNumber, "%s: %v became 0", field, *n)
		*n = 0
	}
	if *n == 0 {
		*n = 0
	}
}

// times makes the times of a record ones that can be stored and written. What
// the source does not know is taken from its other time or its ObjectId.
func (t *tidier) times(id oid.ID, created, updated *time.Time) {
	for _, v := range [...]*time.Time{created, updated} {
		*v = v.UTC().Truncate(time.Microsecond)
		if !writable(*v) {
			if !v.IsZero() {
				t.told(RuleNoTime, "a time in the year %d was left out", v.Year())
			}
			*v = time.Time{}
		}
	}
	if created.IsZero() {
		*created = *updated
	}
	if created.IsZero() {
		*created, _ = timeOf(id)
		if created.IsZero() {
			*created = time.Unix(0, 0).UTC()
		}
		t.told(RuleNoTime, "it does not say when it was made: %s was taken", created.Format(time.RFC3339))
	}
	if updated.IsZero() {
		*updated = *created
	}
}

// writable reports whether a time is one that RFC 3339 can write.
func writable(t time.Time) bool { return !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999 }

// tidy puts a record right and gives it an ObjectId if it has only a number. It
// returns false for one that cannot be brought in, of which it has told.
func (t *tidier) tidy(record any) bool {
	switch r := record.(type) {
	case *User:
		return t.user(r)
	case *Album:
		return t.album(r)
	case *Song:
		return t.song(r)
	case *Message:
		return t.message(r)
	case *Token:
		return t.token(r)
	case *Change:
		t.change(r)
	}
	return true
}

func (t *tidier) user(u *User) bool {
	t.times(u.OID, &u.Joined, &u.Updated)
	if u.LastLogin = u.LastLogin.UTC().Truncate(time.Microsecond); !writable(u.LastLogin) {
		u.LastLogin = time.Time{}
	}
	if !t.ids(Users, &u.ID, &u.OID, u.Joined) {
		return false
	}
	t.text("name", &u.FullName, account.MaxFullName)
	t.text("image", &u.Image, catalog.MaxText)
	t.text("e-mail", &u.Email, account.MaxEmail)
	t.text("password", &u.Password, catalog.MaxText)
	t.text("external id", &u.ExternalID, maxKey)
	if u.Email = strings.TrimSpace(u.Email); len(account.FoldEmail(u.Email)) > maxIndexed {
		t.told(RuleTooLong, "e-mail: the account was kept without it")
		u.Email = ""
	}
	if u.Email == "" {
		u.Verified = false
	}
	if len(u.ExternalID) > maxIndexed {
		t.lost(RuleTooLong, "external id: %d bytes, where %d are the most", len(u.ExternalID), maxIndexed)
		return false
	}
	if u.ExternalID == "" {
		u.ExternalID = derivedExternalID(u)
	}
	return true
}

func (t *tidier) album(a *Album) bool {
	t.times(a.OID, &a.Created, &a.Updated)
	t.text("title", &a.Title, catalog.MaxText)
	t.text("artist", &a.Artist, catalog.MaxText)
	t.text("image", &a.Image, catalog.MaxText)
	t.cut("artist", &a.Artist, maxIndexed)
	t.number("release year", &a.ReleaseYear)
	return t.ids(Albums, &a.ID, &a.OID, a.Created)
}

func (t *tidier) song(s *Song) bool {
	t.times(s.OID, &s.Created, &s.Updated)
	t.text("title", &s.Title, catalog.MaxText)
	t.text("artist", &s.Artist, catalog.MaxText)
	t.text("image", &s.Image, catalog.MaxText)
	t.text("audio", &s.Audio, catalog.MaxText)
	t.cut("artist", &s.Artist, maxIndexed)
	t.number("duration", &s.Duration)
	return t.ids(Songs, &s.ID, &s.OID, s.Created)
}

func (t *tidier) message(m *Message) bool {
	t.times(m.OID, &m.Created, &m.Updated)
	t.text("content", &m.Content, chat.MaxContent)
	return t.ids(Messages, &m.ID, &m.OID, m.Created)
}

func (t *tidier) token(k *Token) bool {
	t.times("", &k.Created, new(time.Time))
	t.text("label", &k.Label, maxKey)
	if k.Key != "" {
		k.Hash, k.Key = account.HashKey(k.Key), ""
	}
	if k.Hash == "" || len(k.Hash) > maxIndexed || !utf8.ValidString(k.Hash) {
		t.lost(RuleNoID, "the token has no key, or none that can be one")
		return false
	}
	return true
}

func (t *tidier) change(c *Change) {
	e := &c.Entry
	e.ID = 0
	t.times("", &e.At, new(time.Time))
	t.text("actor", &e.Actor, catalog.MaxText)
	t.text("model", &e.Model, maxKey)
	t.text("object id", &e.ObjectID, maxKey)
	t.text("object", &e.Object, catalog.MaxText)
	t.cut("model", &e.Model, maxKey)
	t.cut("object id", &e.ObjectID, maxKey)
	e.Changes = append([]audit.Change(nil), e.Changes...)
	for i := range e.Changes {
		ch := &e.Changes[i]
		t.text("field", &ch.Field, catalog.MaxText)
		t.text(ch.Field, &ch.From, catalog.MaxText)
		t.text(ch.Field, &ch.To, catalog.MaxText)
	}
}

// ids checks what a record is known by: a number, an ObjectId, or both.
func (t *tidier) ids(kind Kind, number *int64, id *oid.ID, created time.Time) bool {
	if *number < 0 || *number > maxNumber {
		t.lost(RuleNoID, "the number %d is not between 1 and %d", *number, int64(maxNumber))
		return false
	}
	if *id == "" {
		if *number == 0 {
			t.lost(RuleNoID, "it has neither a number nor an ObjectId")
			return false
		}
		*id = derivedOID(kind, *number, created)
		return true
	}
	parsed, ok := oid.Parse(string(*id))
	if !ok {
		t.lost(RuleNoID, "%.40q is no ObjectId", string(*id))
	}
	*id = parsed
	return ok
}

// maxNumber is the greatest number of a record: JavaScript's clients read those
// up to it exactly.
const maxNumber = 1<<53 - 1
