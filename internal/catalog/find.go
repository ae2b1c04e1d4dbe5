package catalog

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Order is that of a list of songs.
type Order uint8

// The orders. Texts are in that of their letters, whatever their case.
const (
	Newest   Order = iota // by creation, the last first
	ByTitle               // then by artist
	ByArtist              // then by title
)

// SongQuery selects songs. Its zero value selects all.
type SongQuery struct {
	Words         []string // each in the title, the artist or the album's title, in any case
	Title, Artist string   // exactly; "" for any
	AlbumID       int64    // 0 for any
	Order         Order
	Limit, Offset int // Limit 0 is no limit
}

// plain reports whether the query selects all songs, newest first.
func (q SongQuery) plain() bool {
	return len(q.Words) == 0 && q.Title == "" && q.Artist == "" && q.AlbumID == 0 && q.Order == Newest
}

// AlbumQuery selects albums, newest first. Its zero value selects all.
type AlbumQuery struct {
	Words         []string // each in the title or the artist, in any case
	Artist        string   // exactly; "" for any
	Limit, Offset int      // Limit 0 is no limit
}

func (q AlbumQuery) plain() bool { return len(q.Words) == 0 && q.Artist == "" }

// Artist is whoever is named by songs or albums.
type Artist struct {
	Name  string
	Works int    // songs and albums
	Image string // of one of his albums, or else of a song; "" for none
}

// ArtistQuery selects artists by name. Its zero value selects all.
type ArtistQuery struct {
	Words         []string // each in the name, in any case
	Limit, Offset int      // Limit 0 is no limit
}

// MaxWords is how many words a query may have.
const MaxWords = 10

func checkWords(words []string) error {
	if len(words) > MaxWords {
		return errs.InvalidFields(errs.Field{Name: "words", Code: errs.TooMany, Limit: MaxWords})
	}
	return nil
}

// FindSongs returns a page of the songs that a query selects, and how many it
// selects in all. Errors: Invalid with the field words.
func (s *Service) FindSongs(ctx context.Context, q SongQuery) ([]Song, int, error) {
	if q.plain() {
		return s.Songs(ctx, Page{Limit: q.Limit, Offset: q.Offset})
	}
	if err := checkWords(q.Words); err != nil {
		return nil, 0, err
	}
	return s.store.FindSongs(ctx, q)
}

// FindAlbums does for albums what FindSongs does for songs.
func (s *Service) FindAlbums(ctx context.Context, q AlbumQuery) ([]Album, int, error) {
	if q.plain() {
		return s.Albums(ctx, Page{Limit: q.Limit, Offset: q.Offset})
	}
	if err := checkWords(q.Words); err != nil {
		return nil, 0, err
	}
	return s.store.FindAlbums(ctx, q)
}

// Artists returns a page of the artists that a query selects, by name, and how
// many it selects in all. Errors: Invalid with the field words.
func (s *Service) Artists(ctx context.Context, q ArtistQuery) ([]Artist, int, error) {
	if err := checkWords(q.Words); err != nil {
		return nil, 0, err
	}
	return s.store.FindArtists(ctx, q)
}
