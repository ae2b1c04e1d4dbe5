package main

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// The statements make what they promise, and the counts that the database
// keeps by itself agree with the rows: a server that trusts them must not be
// measured over counts that are wrong.
func TestSeed(t *testing.T) {
	d := dataset{albums: 30, users: 60, messages: 5_000}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := storetest.URL(t, engine)
			if err := seed(t.Context(), url, d); err != nil {
				t.Fatal(err)
			}
			db, err := openSQL(url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
			tests := []struct {
				query string
				want  int
			}{
				{`SELECT count(*) FROM songs`, d.songs()},
				{`SELECT n FROM counters WHERE name = 'songs'`, d.songs()},
				{`SELECT n FROM counters WHERE name = 'albums'`, d.albums},
				{`SELECT n FROM counters WHERE name = 'users'`, d.users},
				{`SELECT count(DISTINCT album_id) FROM songs`, d.albums},
				{`SELECT max(album_position) FROM songs`, albumSongs},
				{`SELECT count(*) FROM messages`, d.messages},
				{`SELECT count(*) FROM conversations`, d.messages / conversationMessages},
				{`SELECT min(messages) FROM conversations`, conversationMessages},
				{`SELECT max(messages) FROM conversations`, conversationMessages},
				{`SELECT count(*) FROM conversations WHERE low_id = 1`, readerPartners},
				{`SELECT count(*) FROM messages WHERE sender_id = receiver_id`, 0},
				{`SELECT count(*) FROM albums WHERE id = 7 AND oid = '` + albumOID(7) + `'`, 1},
				{`SELECT count(*) FROM users WHERE id = 3 AND external_id = '` + partner(0) + `'`, 1},
				{`SELECT count(*) FROM tokens WHERE hash = '` + hashOf(adminKey) + `'`, 1},
			}
			for _, tt := range tests {
				var got int
				if err := db.QueryRow(tt.query).Scan(&got); err != nil || got != tt.want {
					t.Errorf("%s: %d, %v, want %d", tt.query, got, err, tt.want)
				}
			}
		})
	}
}
