// Package listening remembers who heard which song, and tells what somebody
// heard last and what everybody hears most.
package listening

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
)

// RepeatGap is how soon after one play of a song another of the same user does
// not count: a player that tells twice, or somebody who skips back.
const RepeatGap = 20 * time.Second

// Play is one hearing of a song.
type Play struct {
	UserID int64
	SongID int64
	At     time.Time
}

// Count is how often a song was heard.
type Count struct {
	Song  catalog.Song
	Plays int
}

// Day is how many plays a day had.
type Day struct {
	Start time.Time // midnight in UTC
	Plays int
}

// Store is what listening needs of a database. Every method may return an
// Internal error besides those it lists.
type Store interface {
	// InsertPlay stores a play unless the user has another of the song since a
	// time. NotFound if one of the two does not exist.
	InsertPlay(ctx context.Context, p Play, since time.Time) error
	RecentSongs(ctx context.Context, userID int64, n int) ([]catalog.Song, error)  // distinct, the last heard first
	TopSongs(ctx context.Context, since time.Time, n int) ([]Count, error)         // most plays first
	PlaysByDay(ctx context.Context, from, to time.Time) (map[time.Time]int, error) // by midnight in UTC; days without any are left out
}

// Config are the parts a Service is made of.
type Config struct {
	Store Store
	Now   func() time.Time
}

// Service holds the rules about plays. It is safe for concurrent use.
type Service struct{ c Config }

// NewService returns a service over its parts.
func NewService(c Config) *Service { return &Service{c} }

// Record notes that the actor has heard a song. Within RepeatGap of another
// play of the same song by him, it does nothing. Errors: Unauthenticated,
// NotFound.
func (s *Service) Record(ctx context.Context, actor account.Actor, songID int64) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	now := s.c.Now()
	return s.c.Store.InsertPlay(ctx, Play{UserID: actor.User.ID, SongID: songID, At: now}, now.Add(-RepeatGap))
}

// Recent returns the songs that the actor heard last, each once, the last
// first: at most n, and none that he has not heard for some thousand plays.
// Errors: Unauthenticated.
func (s *Service) Recent(ctx context.Context, actor account.Actor, n int) ([]catalog.Song, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	return s.c.Store.RecentSongs(ctx, actor.User.ID, n)
}

// Top returns the songs with the most plays since a time, at most n, and how
// many they were.
func (s *Service) Top(ctx context.Context, since time.Time, n int) ([]Count, error) {
	return s.c.Store.TopSongs(ctx, since, n)
}

const day = 24 * time.Hour

// Daily returns the plays of each day in UTC from that of from up to and with
// that of to, oldest first; days without any have 0.
func (s *Service) Daily(ctx context.Context, from, to time.Time) ([]Day, error) {
	from = from.UTC().Truncate(day)
	to = to.UTC().Truncate(day).Add(day)
	plays, err := s.c.Store.PlaysByDay(ctx, from, to)
	if err != nil {
		return nil, err
	}
	days := []Day{}
	for at := from; at.Before(to); at = at.Add(day) {
		days = append(days, Day{at, plays[at]})
	}
	return days, nil
}
