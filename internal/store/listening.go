package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/listening"
)

// InsertPlay stores a play unless the user has another of the song since a
// time. Errors: NotFound if the song or the user does not exist.
func (s *Store) InsertPlay(ctx context.Context, p listening.Play, since time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO plays (user_id, song_id, played_at)
		SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) WHERE NOT EXISTS
		(SELECT 1 FROM plays WHERE user_id = $1 AND song_id = $2 AND played_at > CAST($4 AS BIGINT))`,
		p.UserID, p.SongID, instant(p.At), instant(since))
	if isForeignKey(err) {
		return &errs.Error{Kind: errs.NotFound, Err: err}
	}
	return err
}

// recentPlays is how far back RecentSongs looks.
const recentPlays = 2000

// RecentSongs returns the songs that a user heard last, each once, the last
// first.
func (s *Store) RecentSongs(ctx context.Context, userID int64, n int) ([]catalog.Song, error) {
	rows, err := s.db.query(ctx, selectSongs+`JOIN (
			SELECT song_id, max(played_at) AS heard_at FROM (
				SELECT song_id, played_at FROM plays WHERE user_id = $1 ORDER BY played_at DESC LIMIT $2
			) AS latest GROUP BY song_id ORDER BY heard_at DESC, song_id DESC LIMIT $3
		) AS heard ON heard.song_id = s.id ORDER BY heard.heard_at DESC, s.id DESC`, userID, recentPlays, n)
	return collect(rows, err, scanSong)
}

// TopSongs returns the songs with the most plays since a time.
func (s *Store) TopSongs(ctx context.Context, since time.Time, n int) ([]listening.Count, error) {
	type count struct {
		song  int64
		plays int
	}
	scan := func(r row) (c count, err error) { return c, r.Scan(&c.song, &c.plays) }
	rows, err := s.db.query(ctx, `SELECT song_id, count(*) AS n FROM plays WHERE played_at >= $1
		GROUP BY song_id ORDER BY n DESC, song_id LIMIT $2`, instant(since), n)
	counts, err := collect(rows, err, scan)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(counts))
	for i, c := range counts {
		ids[i] = c.song
	}
	songs, err := s.songsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]catalog.Song, len(songs))
	for _, song := range songs {
		byID[song.ID] = song
	}
	top := make([]listening.Count, 0, len(counts))
	for _, c := range counts {
		if song, ok := byID[c.song]; ok { // not deleted meanwhile
			top = append(top, listening.Count{Song: song, Plays: c.plays})
		}
	}
	return top, nil
}

// PlaysByDay counts the plays from one time up to another by the midnight, in
// UTC, that begins their day; days without any are left out.
func (s *Store) PlaysByDay(ctx context.Context, from, to time.Time) (map[time.Time]int, error) {
	const microsecondsPerDay = int64(24 * time.Hour / time.Microsecond)
	type count struct {
		day   int64 // since 1970
		plays int
	}
	scan := func(r row) (c count, err error) { return c, r.Scan(&c.day, &c.plays) }
	byDay := map[time.Time]int{}
	rows, err := s.db.query(ctx, `SELECT played_at / CAST($1 AS BIGINT) AS day, count(*) FROM plays
		WHERE played_at >= $2 AND played_at < $3 GROUP BY day`, microsecondsPerDay, instant(from), instant(to))
	err = each(rows, err, scan, func(c count) error {
		byDay[time.UnixMicro(c.day*microsecondsPerDay).UTC()] = c.plays
		return nil
	})
	return byDay, err
}
