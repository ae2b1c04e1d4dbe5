package store_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestPlays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		ada := must(s.InsertUser(ctx, user(1), ""))(t).ID
		bob := must(s.InsertUser(ctx, user(2), ""))(t).ID
		var songs []int64
		for n := range 3 {
			songs = append(songs, must(s.InsertSong(ctx, song(n, 0)))(t).ID)
		}
		play := func(user, song int64, second int) error {
			return s.InsertPlay(ctx, listening.Play{UserID: user, SongID: song, At: at(second)}, at(second-20))
		}
		for _, p := range []struct {
			user int64
			song int
			at   int
		}{
			{ada, 0, 0}, {ada, 0, 19}, {ada, 0, 21}, {ada, 1, 30}, {bob, 1, 31}, {bob, 1, 60}, {bob, 2, 86_400}, {ada, 0, 90},
		} {
			check(t, play(p.user, songs[p.song], p.at))
		}
		wantKind(t, play(ada, 999, 100), errs.NotFound)
		wantKind(t, play(999, songs[0], 100), errs.NotFound)

		recent := func(user int64, n int, want ...int) {
			t.Helper()
			list, err := s.RecentSongs(ctx, user, n)
			check(t, err)
			if len(list) != len(want) {
				t.Fatalf("%d recent songs, want %d", len(list), len(want))
			}
			for i, v := range list {
				if v.ID != songs[want[i]] {
					t.Errorf("recent song %d is %s, want number %d", i, v.Title, want[i])
				}
			}
		}
		recent(ada, 8, 0, 1)
		recent(ada, 1, 0)
		recent(bob, 8, 2, 1)

		top, err := s.TopSongs(ctx, noon, 2)
		check(t, err)
		if len(top) != 2 || top[0].Song.ID != songs[0] || top[0].Plays != 3 || top[1].Song.ID != songs[1] || top[1].Plays != 3 {
			t.Errorf("top %+v", top)
		}
		top, err = s.TopSongs(ctx, at(1000), 2)
		check(t, err)
		if len(top) != 1 || top[0].Song.ID != songs[2] {
			t.Errorf("top of late %+v", top)
		}

		midnight := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		next := midnight.Add(24 * time.Hour)
		days, err := s.PlaysByDay(ctx, midnight, next.Add(24*time.Hour))
		check(t, err)
		if want := map[time.Time]int{midnight: 6, next: 1}; !maps.Equal(days, want) {
			t.Errorf("days %v, want %v", days, want)
		}

		// Plays go with their songs.
		check(t, s.DeleteSong(ctx, songs[0]))
		recent(ada, 8, 1)
		if list, err := s.RecentSongs(ctx, 999, 8); err != nil || list == nil || len(list) > 0 {
			t.Errorf("of nobody: %v, %v", list, err)
		}
	})
}
