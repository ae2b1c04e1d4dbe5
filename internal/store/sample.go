package store

import (
	"context"
	"math/rand/v2"

	"github.com/antiphon-music/antiphon/internal/catalog"
)

const (
	sampleRounds = 4 // of guessing ids, before all of them are read
	sampleFactor = 2 // guesses for each song that is still wanted
)

// SampleSongs returns n distinct songs at random, in random order; fewer only
// if there are fewer. Every song is equally likely. It guesses ids between the
// least and the greatest, each found in O(log n); only where too many of those
// were deleted, or n is most of what there is, does it read all ids.
func (s *Store) SampleSongs(ctx context.Context, n int) ([]catalog.Song, error) {
	var least, greatest int64
	err := s.db.queryRow(ctx, `SELECT COALESCE((SELECT min(id) FROM songs), 0), COALESCE((SELECT max(id) FROM songs), 0)`,
		nil, &least, &greatest)
	if err != nil || n <= 0 || greatest == 0 {
		return []catalog.Song{}, err
	}
	picked := make([]catalog.Song, 0, n)
	taken := make(map[int64]bool, n)
	pick := func(ids []int64) error {
		found, err := s.songsByID(ctx, ids)
		// They come by id: without this the older ones would be preferred.
		rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
		for _, v := range found {
			if len(picked) < n && !taken[v.ID] {
				picked = append(picked, v)
				taken[v.ID] = true
			}
		}
		return err
	}
	for round := 0; round < sampleRounds && len(picked) < n; round++ {
		guesses := make([]int64, sampleFactor*(n-len(picked)))
		for i := range guesses {
			guesses[i] = least + rand.Int64N(greatest-least+1)
		}
		if err := pick(guesses); err != nil {
			return nil, err
		}
	}
	if len(picked) < n {
		ids, err := s.sampleIDs(ctx, n-len(picked), taken)
		if err != nil {
			return nil, err
		}
		if err := pick(ids); err != nil {
			return nil, err
		}
	}
	return picked, nil
}

// sampleIDs reads the ids of all songs and draws n of those that are not taken,
// each with the same chance: reservoir sampling, Algorithm R in J. S. Vitter,
// "Random Sampling with a Reservoir" (1985).
func (s *Store) sampleIDs(ctx context.Context, n int, taken map[int64]bool) ([]int64, error) {
	drawn := make([]int64, 0, n)
	seen := 0
	rows, err := s.db.query(ctx, `SELECT id FROM songs`)
	err = each(rows, err, scanID, func(id int64) error {
		if taken[id] {
			return nil
		}
		seen++
		if len(drawn) < n {
			drawn = append(drawn, id)
		} else if at := rand.IntN(seen); at < n {
			drawn[at] = id
		}
		return nil
	})
	return drawn, err
}

// songsByID returns the songs that exist among the ids, in no order.
func (s *Store) songsByID(ctx context.Context, ids []int64) ([]catalog.Song, error) {
	var songs []catalog.Song
	err := inBatches(ids, func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, selectSongs+`WHERE s.id IN (`+places+`)`, args...)
		return each(rows, err, scanSong, func(v catalog.Song) error {
			songs = append(songs, v)
			return nil
		})
	})
	return songs, err
}
