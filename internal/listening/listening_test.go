package listening_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestPlays(t *testing.T) {
	w := world.New(t, "sqlite")
	ctx := t.Context()
	_, key := w.AddUser(t, "ada@example.com", "Ada", false)
	ada, err := w.Accounts.AuthenticateToken(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	song := func(title string) int64 {
		t.Helper()
		files := world.Fixtures()
		s, err := w.Catalog.CreateSong(ctx, account.Operator(), catalog.NewSong{
			Title: title, Artist: "Artist",
			Image: w.Upload(t, bytes.NewReader(files["cover.png"]), "cover.png"),
			Audio: w.Upload(t, bytes.NewReader(files["track.mp3"]), "track.mp3"),
		})
		if err != nil {
			t.Fatal(err)
		}
		return s.ID
	}
	one, two := song("One"), song("Two")
	play := func(id int64, at time.Time) {
		t.Helper()
		w.Clock.Set(at)
		if err := w.Listening.Record(ctx, ada, id); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)
	play(one, start)
	play(one, start.Add(listening.RepeatGap-time.Millisecond)) // a repeat
	play(two, start.Add(listening.RepeatGap))
	play(one, start.Add(listening.RepeatGap))
	play(one, start.Add(2*time.Minute))

	recent, err := w.Listening.Recent(ctx, ada, 8)
	if err != nil || len(recent) != 2 || recent[0].ID != one || recent[1].ID != two {
		t.Errorf("recent %+v, %v", recent, err)
	}
	top, err := w.Listening.Top(ctx, start, 5)
	if err != nil || len(top) != 2 || top[0].Song.Title != "One" || top[0].Plays != 3 || top[1].Plays != 1 {
		t.Errorf("top %+v, %v", top, err)
	}
	days, err := w.Listening.Daily(ctx, start.Add(-24*time.Hour), start.Add(time.Hour))
	if err != nil || len(days) != 3 || days[0].Plays != 0 || days[1].Plays != 3 || days[2].Plays != 1 ||
		!days[2].Start.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("days %+v, %v", days, err)
	}

	if err := w.Listening.Record(ctx, account.Actor{}, one); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("anonymous: %v", err)
	}
	if err := w.Listening.Record(ctx, ada, 999); !errs.Is(err, errs.NotFound) {
		t.Errorf("no song: %v", err)
	}
	if _, err := w.Listening.Recent(ctx, account.Actor{}, 8); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("anonymous: %v", err)
	}
}
