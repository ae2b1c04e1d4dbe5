package mongo

import (
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// The documents are those that the Node reference's models store through
// Mongoose, with its timestamps.

func userShape() shape[transfer.User] {
	type user = transfer.User
	return shape[user]{
		kind: transfer.Users,
		fields: []field[user]{
			idField("_id", essential, func(u *user) *oid.ID { return &u.OID }),
			textField("fullName", expected, func(u *user) *string { return &u.FullName }),
			textField("imageUrl", expected, func(u *user) *string { return &u.Image }),
			textField("clerkId", essential, func(u *user) *string { return &u.ExternalID }),
			timeField("createdAt", func(u *user) *time.Time { return &u.Joined }),
			timeField("updatedAt", func(u *user) *time.Time { return &u.Updated }),
			revisionField[user](),
		},
		begin: func(u *user, at transfer.Place) { *u = user{Place: at, Active: true} },
		times: func(u *user) (oid.ID, *time.Time, *time.Time) { return u.OID, &u.Joined, &u.Updated },
	}
}

func albumShape() shape[transfer.Album] {
	type album = transfer.Album
	return shape[album]{
		kind: transfer.Albums,
		fields: []field[album]{
			idField("_id", essential, func(a *album) *oid.ID { return &a.OID }),
			textField("title", expected, func(a *album) *string { return &a.Title }),
			textField("artist", expected, func(a *album) *string { return &a.Artist }),
			textField("imageUrl", expected, func(a *album) *string { return &a.Image }),
			numberField("releaseYear", expected, func(a *album) *float64 { return &a.ReleaseYear }),
			{"songs", expected, array, setSongs},
			timeField("createdAt", func(a *album) *time.Time { return &a.Created }),
			timeField("updatedAt", func(a *album) *time.Time { return &a.Updated }),
			revisionField[album](),
		},
		begin: func(a *album, at transfer.Place) {
			// An empty list is not the same as none.
			songs := a.Songs[:0]
			if songs == nil {
				songs = []oid.ID{}
			}
			*a = album{Place: at, Songs: songs}
		},
		times: func(a *album) (oid.ID, *time.Time, *time.Time) { return a.OID, &a.Created, &a.Updated },
	}
}

// setSongs reads the list of an album's songs.
func setSongs(d *decoder[transfer.Album], v value) bool {
	if v.form != array {
		return false
	}
	a := &d.record
	a.Songs = a.Songs[:0]
	err := v.walk(v.data, func(_ []byte, item value) error {
		song, ok := item.asID()
		if !ok {
			d.tell("wrong type", false, "songs of albums has %s where an ObjectId belongs; it is left out", item.form)
			return nil
		}
		a.Songs = append(a.Songs, song)
		return nil
	})
	return err == nil
}

func songShape() shape[transfer.Song] {
	type song = transfer.Song
	return shape[song]{
		kind: transfer.Songs,
		fields: []field[song]{
			idField("_id", essential, func(s *song) *oid.ID { return &s.OID }),
			textField("title", expected, func(s *song) *string { return &s.Title }),
			textField("artist", expected, func(s *song) *string { return &s.Artist }),
			textField("imageUrl", expected, func(s *song) *string { return &s.Image }),
			textField("audioUrl", expected, func(s *song) *string { return &s.Audio }),
			numberField("duration", expected, func(s *song) *float64 { return &s.Duration }),
			idField("albumId", optional, func(s *song) *oid.ID { return &s.Album.OID }),
			timeField("createdAt", func(s *song) *time.Time { return &s.Created }),
			timeField("updatedAt", func(s *song) *time.Time { return &s.Updated }),
			revisionField[song](),
		},
		begin: func(s *song, at transfer.Place) { *s = song{Place: at} },
		times: func(s *song) (oid.ID, *time.Time, *time.Time) { return s.OID, &s.Created, &s.Updated },
	}
}

func messageShape() shape[transfer.Message] {
	type message = transfer.Message
	return shape[message]{
		kind: transfer.Messages,
		fields: []field[message]{
			idField("_id", essential, func(m *message) *oid.ID { return &m.OID }),
			textField("senderId", essential, func(m *message) *string { return &m.Sender.External }),
			textField("receiverId", essential, func(m *message) *string { return &m.Receiver.External }),
			textField("content", expected, func(m *message) *string { return &m.Content }),
			timeField("createdAt", func(m *message) *time.Time { return &m.Created }),
			timeField("updatedAt", func(m *message) *time.Time { return &m.Updated }),
			revisionField[message](),
		},
		begin: func(m *message, at transfer.Place) { *m = message{Place: at} },
		times: func(m *message) (oid.ID, *time.Time, *time.Time) { return m.OID, &m.Created, &m.Updated },
	}
}

// bytesOf returns the bytes of an ObjectId, all zero if it is none.
func bytesOf(i oid.ID) (b [12]byte) {
	// What oid.Parse has let through is hexadecimal.
	_, _ = hex.Decode(b[:], []byte(i))
	return b
}

// bornAt returns when an ObjectId was made: its first four bytes are Unix seconds.
func bornAt(i oid.ID) time.Time {
	b := bytesOf(i)
	return time.Unix(int64(binary.BigEndian.Uint32(b[:])), 0).UTC()
}
