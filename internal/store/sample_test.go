package store_test

import (
	"context"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// sample draws n songs, checks that they are as many as there can be and
// distinct, and returns their ids.
func sample(t *testing.T, s *store.Store, n, total int) []int64 {
	t.Helper()
	drawn := keys(must(s.SampleSongs(t.Context(), n))(t), songID)
	distinct := slices.Clone(drawn)
	slices.Sort(distinct)
	if len(drawn) != min(n, total) || len(slices.Compact(distinct)) != len(drawn) {
		t.Fatalf("%d songs of %d, wanted %d distinct ones: %v", len(drawn), total, n, drawn)
	}
	return drawn
}

func TestSampleSongs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		sample(t, s, 3, 0)
		addSong(t, s, 1, 0)
		for n := range 3 {
			sample(t, s, n, 1)
		}
		const total = 40
		inOneTx(t, s, total-1, func(ctx context.Context, i int) error {
			_, err := s.InsertSong(ctx, song(i, 0))
			return err
		})
		for _, n := range []int{1, 20, total - 1, total, total + 1, 5000} {
			sample(t, s, n, total)
		}
		got := must(s.SampleSongs(t.Context(), 1))(t)[0]
		equal(t, "the song", got, must(s.SongByID(t.Context(), got.ID))(t))
	})
}

// Every song is as likely as any other, in a table without gaps and in one
// that is nearly all gaps. Pearson's chi-square of 20 cells is above 90 in
// fewer than one of 10^10 runs; drawing without replacement makes it smaller
// still.
func TestSampleIsUniform(t *testing.T) {
	const total, n, draws, bound = 20, 5, 400, 90.0
	tests := map[string]func(i int) int64{
		"dense":  func(i int) int64 { return int64(i + 1) },
		"sparse": func(i int) int64 { return int64(i+1) * int64(i+1) * 1_000_000_007 },
	}
	for name, idOf := range tests {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				inOneTx(t, s, total, func(ctx context.Context, i int) error {
					v, err := s.InsertSong(ctx, song(i, 0))
					if err != nil {
						return err
					}
					// Downwards or upwards, no id is in the way of another.
					return s.Exec(ctx, `UPDATE songs SET id = $1 WHERE id = $2`, -idOf(i), v.ID)
				})
				check(t, s.Exec(t.Context(), `UPDATE songs SET id = -id`))
				count, first := map[int64]int{}, map[int64]int{}
				for range draws {
					drawn := sample(t, s, n, total)
					first[drawn[0]]++
					for _, id := range drawn {
						count[id]++
					}
				}
				chiSquare := func(count map[int64]int, expected float64) (sum float64) {
					for i := range total {
						d := float64(count[idOf(i)]) - expected
						sum += d * d / expected
					}
					return sum
				}
				if x := chiSquare(count, draws*n/float64(total)); x > bound {
					t.Errorf("chi-square is %.0f: %v", x, count)
				}
				if x := chiSquare(first, draws/float64(total)); x > bound {
					t.Errorf("chi-square of the first is %.0f: %v", x, first)
				}
			})
		})
	}
}

// With most of the songs deleted it still finds all that are left.
func TestSampleAmongGaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 400
		inOneTx(t, s, n, func(ctx context.Context, i int) error {
			_, err := s.InsertSong(ctx, song(i, 0))
			return err
		})
		check(t, s.Exec(t.Context(), `DELETE FROM songs WHERE id % 40 <> 7`))
		left := keys(must(s.Songs(t.Context(), catalog.Page{}))(t), songID)
		equal(t, "left", len(left), n/40)
		drawn := sample(t, s, len(left), len(left))
		slices.Sort(drawn)
		equalLists(t, "drawn", drawn, reversed(left))
		for k := range len(left) {
			sample(t, s, k, len(left))
		}
	})
}
