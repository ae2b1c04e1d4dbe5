package django

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// What is appended by hand must be what the documentation says: read into the
// documented struct and written from it, it is the same.
func TestShapes(t *testing.T) {
	at := time.Date(2026, 11, 22, 14, 8, 32, 515_170_999, time.UTC)
	c := &call{base: "https://music.example.org", media: kit.MediaURLs{}.From("https://music.example.org")}
	song := catalog.Song{
		ID: 1, Title: "Night \"1\" <&>", Artist: "é", Image: "song_images/a b.png", Audio: "songs/a.mp3",
		Duration: 240.9, AlbumID: 7, AlbumTitle: "First", Created: at, Updated: at,
	}
	single := song
	single.AlbumID = 0
	single.AlbumTitle = ""
	album := catalog.Album{ID: 7, Title: "First", Artist: "x", Image: "https://cdn.example.org/a.png", ReleaseYear: 1999, SongCount: 3, Created: at, Updated: at}
	user := account.User{ID: 3, Email: "a@example.com", FullName: "A", Image: "user_images/a.png", Joined: at}
	nameless := account.User{ID: 4, Joined: at}
	message := chat.Message{ID: 9, SenderID: 3, ReceiverID: 4, Content: "line\nline", Created: at, Updated: at}

	tests := []struct {
		name   string
		body   []byte
		sample any
	}{
		{"song", c.appendSong(nil, song), &songJSON{}},
		{"song without album", c.appendSong(nil, single), &songJSON{}},
		{"album", c.appendAlbum(nil, album), &albumJSON{}},
		{"user", c.appendUser(nil, user), &userJSON{}},
		{"user without a picture", c.appendUser(nil, nameless), &userJSON{}},
		{"somebody online", c.appendEntry(nil, presence.Entry{UserID: 3, ExternalID: "user_3", Activity: "<a>", Since: at}, user), &entryJSON{}},
		{"somebody without a picture", c.appendEntry(nil, presence.Entry{UserID: 4, Since: at}, nameless), &entryJSON{}},
		{"settings", appendSettings(nil, account.Nobody), &settingsJSON{}},
		{"conversation", c.appendConversation(nil, people{3: user, 4: nameless}, chat.Summary{OtherID: 3, Last: message, Unread: 2, ReadUpTo: chat.Ref{ID: 9}}), &conversationJSON{}},
		{"conversation that was not read", c.appendConversation(nil, people{3: user, 4: nameless}, chat.Summary{OtherID: 4, Last: message}), &conversationJSON{}},
		{"read mark", appendReadMark(nil, 3, 9), &readMarkJSON{}},
		{"no read mark", appendReadMark(nil, 0, 0), &readMarkJSON{}},
		{"message", people{3: user, 4: nameless}.append(nil, message), &messageJSON{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := json.NewDecoder(bytes.NewReader(tt.body))
			in.DisallowUnknownFields()
			if err := in.Decode(tt.sample); err != nil {
				t.Fatalf("%v: %s", err, tt.body)
			}
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(tt.sample); err != nil {
				t.Fatal(err)
			}
			if got := bytes.TrimSpace(out.Bytes()); !bytes.Equal(got, tt.body) {
				t.Errorf("documented %s\nsent       %s", got, tt.body)
			}
		})
	}
}

func TestAppendTime(t *testing.T) {
	tests := []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 11, 22, 14, 8, 32, 515_170_000, time.UTC), `"2026-11-22T14:08:32.515170Z"`},
		{time.Date(2026, 11, 22, 14, 8, 32, 1000, time.UTC), `"2026-11-22T14:08:32.000001Z"`},
		{time.Date(2026, 11, 22, 14, 8, 32, 999, time.UTC), `"2026-11-22T14:08:32Z"`},
		{time.Date(2026, 11, 22, 15, 8, 32, 0, time.FixedZone("", 3600)), `"2026-11-22T14:08:32Z"`},
	}
	for _, tt := range tests {
		if got := string(appendTime(nil, tt.at)); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.at, got, tt.want)
		}
	}
}

func TestAppendWhole(t *testing.T) {
	for n, want := range map[float64]string{240: "240", 240.9: "240", -1.5: "-1", -0.5: "0", 1e20: "100000000000000000000"} {
		if got := string(appendWhole(nil, "", n)); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
}
