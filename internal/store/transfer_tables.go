package store

import (
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// table is how the records of one kind are stored.
type table struct {
	name    string
	columns []string        // that an import writes, in the order of values
	read    []string        // that it reads, besides the id, in the order of scan
	values  func(any) []any // as drivers take them: no types of our own
	keys    []tableKey      // by which records are found that may be the same
	scan    func(row) (id int64, record any, err error)
}

// tableKey is a column, and a record's value of it; nil for none.
type tableKey struct {
	column string
	of     func(any) any
}

func (t *table) selected() string { return strings.Join(t.read, ", ") }

var tables = [transfer.Kinds]*table{
	transfer.Users: {
		name: "users",
		columns: []string{
			"id", "oid", "external_id", "email", "email_folded", "verified", "full_name",
			"image", "password", "active", "admin", "staff", "created_at", "updated_at", "last_login_at",
		},
		read: []string{
			"oid", "external_id", "email", "verified", "full_name",
			"image", "password", "active", "admin", "staff", "created_at", "updated_at", "last_login_at",
		},
		values: func(r any) []any { return userValues(r.(*transfer.User)) },
		keys: []tableKey{
			{"oid", func(r any) any { return string(r.(*transfer.User).OID) }},
			{"id", func(r any) any { return r.(*transfer.User).ID }},
			{"external_id", func(r any) any { return r.(*transfer.User).ExternalID }},
			{"email_folded", func(r any) any { return emailKey(r.(*transfer.User)) }},
		},
		scan: scanTransferUser,
	},
	transfer.Albums: {
		name:    "albums",
		columns: []string{"id", "oid", "title", "artist", "image", "release_year", "created_at", "updated_at"},
		read:    []string{"oid", "title", "artist", "image", "release_year", "created_at", "updated_at"},
		values: func(r any) []any {
			a := r.(*transfer.Album)
			return []any{a.ID, string(a.OID), a.Title, a.Artist, a.Image, a.ReleaseYear, a.Created.UnixMicro(), a.Updated.UnixMicro()}
		},
		keys: []tableKey{
			{"oid", func(r any) any { return string(r.(*transfer.Album).OID) }},
			{"id", func(r any) any { return r.(*transfer.Album).ID }},
		},
		scan: scanTransferAlbum,
	},
	transfer.Songs: {
		name: "songs",
		columns: []string{
			"id", "oid", "title", "artist", "image", "audio", "duration", "album_id", "album_named", "album_position", "created_at", "updated_at",
		},
		read: []string{
			"oid", "title", "artist", "image", "audio", "duration", "COALESCE(album_id, 0)", "COALESCE(album_named, '')", "album_position",
			"created_at", "updated_at",
		},
		values: func(r any) []any {
			s := r.(*transfer.Song)
			var named any
			if s.Album.OID != "" {
				named = string(s.Album.OID)
			}
			return []any{
				s.ID, string(s.OID), s.Title, s.Artist, s.Image, s.Audio, s.Duration, nullID(s.Album.ID), named, s.Position,
				s.Created.UnixMicro(), s.Updated.UnixMicro(),
			}
		},
		keys: []tableKey{
			{"oid", func(r any) any { return string(r.(*transfer.Song).OID) }},
			{"id", func(r any) any { return r.(*transfer.Song).ID }},
		},
		scan: scanTransferSong,
	},
	transfer.Messages: {
		name:    "messages",
		columns: []string{"id", "oid", "sender_id", "receiver_id", "content", "created_at", "updated_at"},
		read:    []string{"oid", "sender_id", "receiver_id", "content", "created_at", "updated_at"},
		values: func(r any) []any {
			m := r.(*transfer.Message)
			return []any{m.ID, string(m.OID), m.Sender.ID, m.Receiver.ID, m.Content, m.Created.UnixMicro(), m.Updated.UnixMicro()}
		},
		keys: []tableKey{
			{"oid", func(r any) any { return string(r.(*transfer.Message).OID) }},
			{"id", func(r any) any { return r.(*transfer.Message).ID }},
		},
		scan: scanTransferMessage,
	},
	transfer.Tokens: {
		name:    "tokens",
		columns: []string{"user_id", "hash", "label", "created_at"},
		read:    []string{"user_id", "hash", "label", "created_at"},
		values: func(r any) []any {
			k := r.(*transfer.Token)
			return []any{k.User.ID, k.Hash, k.Label, k.Created.UnixMicro()}
		},
		keys: []tableKey{{"hash", func(r any) any { return r.(*transfer.Token).Hash }}},
		scan: func(r row) (id int64, _ any, err error) {
			k := &transfer.Token{}
			err = r.Scan(&id, &k.User.ID, &k.Hash, &k.Label, (*instant)(&k.Created))
			return id, k, err
		},
	},
	transfer.Changes: {
		name:    "audit",
		columns: []string{"created_at", "actor_id", "actor", "model", "object_id", "object", "action", "changes"},
		read:    []string{"created_at", "actor_id", "actor", "model", "object_id", "object", "action", "changes"},
		values:  changeValues,
		keys:    []tableKey{{"created_at", func(r any) any { return r.(*transfer.Change).Entry.At.UnixMicro() }}},
		scan: func(r row) (int64, any, error) {
			e, err := scanAudit(r)
			id := e.ID
			e.ID = 0
			return id, &transfer.Change{Entry: e}, err
		},
	},
}

func userValues(u *transfer.User) []any {
	var lastLogin any
	if !u.LastLogin.IsZero() {
		lastLogin = u.LastLogin.UnixMicro()
	}
	admin, staff := u.Role == account.Administrator, int64(u.Role)
	if admin {
		staff = 0
	}
	return []any{
		u.ID, string(u.OID), u.ExternalID, u.Email, addressKey(account.User{Email: u.Email, ExternalID: u.ExternalID}), u.Verified, u.FullName,
		u.Image, u.Password, u.Active, admin, staff, u.Joined.UnixMicro(), u.Updated.UnixMicro(), lastLogin,
	}
}

// emailKey is a user's folded address, or nil if he has none.
func emailKey(u *transfer.User) any {
	if folded := account.FoldEmail(u.Email); folded != "" {
		return folded
	}
	return nil
}

func changeValues(r any) []any {
	e := &r.(*transfer.Change).Entry
	changes, _ := encodeChanges(e.Changes) // lists of texts always can be
	return []any{e.At.UnixMicro(), e.ActorID, e.Actor, e.Model, e.ObjectID, e.Object, string(e.Action), changes}
}

func scanTransferUser(r row) (int64, any, error) {
	u := &transfer.User{}
	var admin bool
	err := r.Scan(&u.ID, (*string)(&u.OID), &u.ExternalID, &u.Email, &u.Verified, &u.FullName,
		&u.Image, &u.Password, &u.Active, &admin, &u.Role, (*instant)(&u.Joined), (*instant)(&u.Updated), (*instant)(&u.LastLogin))
	if admin {
		u.Role = account.Administrator
	}
	return u.ID, u, err
}

func scanTransferAlbum(r row) (int64, any, error) {
	a := &transfer.Album{}
	var created, updated int64
	err := r.Scan(&a.ID, (*string)(&a.OID), &a.Title, &a.Artist, &a.Image, &a.ReleaseYear, &created, &updated)
	a.Created, a.Updated = moment(created), moment(updated)
	return a.ID, a, err
}

func scanTransferSong(r row) (int64, any, error) {
	s := &transfer.Song{}
	var created, updated int64
	err := r.Scan(&s.ID, (*string)(&s.OID), &s.Title, &s.Artist, &s.Image, &s.Audio, &s.Duration,
		&s.Album.ID, (*string)(&s.Album.OID), &s.Position, &created, &updated)
	s.Created, s.Updated = moment(created), moment(updated)
	return s.ID, s, err
}

func scanTransferMessage(r row) (int64, any, error) {
	m := &transfer.Message{}
	var created, updated int64
	err := r.Scan(&m.ID, (*string)(&m.OID), &m.Sender.ID, &m.Receiver.ID, &m.Content, &created, &updated)
	m.Created, m.Updated = moment(created), moment(updated)
	return m.ID, m, err
}

// moment is the time of so many microseconds since 1970. To scan a number and
// make a time of it is quicker than to scan an instant, of which millions are.
func moment(microseconds int64) time.Time { return time.UnixMicro(microseconds).UTC() }
