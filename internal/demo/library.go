// Package demo is the content of the demonstration library: albums, songs,
// people and what they wrote to each other.
//
// All of it is invented here, and all of it is made by this program: package
// synth plays the music, package flac writes it down, package cover draws the
// pictures. The content is plain data with no ids; whoever loads it decides
// where it goes.
package demo

import (
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/demo/cover"
	"github.com/antiphon-music/antiphon/internal/demo/flac"
	"github.com/antiphon-music/antiphon/internal/demo/synth"
)

// What the files of Render are, and those of Cover and Avatar.
const (
	SongExtension  = ".flac"
	SongType       = "audio/flac"
	ImageExtension = ".jpg"
	ImageType      = "image/jpeg"
)

// The sides of the pictures in pixels.
const (
	coverSize  = 1200
	avatarSize = 600
)

// NoAlbum is the Album of a song that belongs to none.
const NoAlbum = -1

// An Album is a record with its songs elsewhere: each Song names its album.
type Album struct {
	Title  string
	Artist string
	Year   int
	Cover  cover.Design
}

// A Song is one piece of music.
type Song struct {
	Title  string
	Artist string
	Album  int // an index into Albums, or NoAlbum
	Track  int // its place on the album from 1; 0 without an album
	Year   int
	Cover  cover.Design
	Piece  synth.Piece
}

// Duration returns how long the song plays.
func (s Song) Duration() time.Duration { return s.Piece.Duration() }

// Albums returns the albums.
func Albums() []Album {
	return []Album{
		{Title: "Weather for Sleeping", Artist: "Ilse Vantaro", Year: 2021, Cover: cover.Design{Style: cover.Hills, Seed: 7}},
		{Title: "Kitchen Light", Artist: "Pigeon Ministry", Year: 2023, Cover: cover.Design{Style: cover.StillLife, Seed: 107}},
		{Title: "Escalator Hearts", Artist: "Velvet Abacus", Year: 2024, Cover: cover.Design{Style: cover.Neon, Seed: 207}},
		{Title: "Postcards to Nobody", Artist: "Wren Adeyemi-Holt", Year: 2019, Cover: cover.Design{Style: cover.Stamp, Seed: 307}},
	}
}

// Songs returns the songs, album by album in the order of their tracks, and the
// singles last.
func Songs() []Song {
	var songs []Song
	for album, tracks := range [][]track{weather(), kitchen(), escalator(), postcards()} {
		a := Albums()[album]
		for i, t := range tracks {
			songs = append(songs, Song{
				Title: t.title, Artist: a.Artist, Album: album, Track: i + 1, Year: a.Year,
				Cover: cover.Design{Style: a.Cover.Style, Variant: i + 1, Seed: a.Cover.Seed + uint64(i) + 1},
				Piece: t.piece,
			})
		}
	}
	return append(songs, singles()...)
}

// A track is a song of an album, which knows the rest.
type track struct {
	title string
	piece synth.Piece
}

// Render plays the song and returns it as a tagged file of type SongType. It
// takes about a second of processor time for a minute of music. Calls share
// nothing and may run concurrently.
func Render(s Song) ([]byte, error) {
	pcm, err := synth.Render(s.Piece)
	if err != nil {
		return nil, err
	}
	tags := []flac.Tag{
		{Key: "TITLE", Value: s.Title},
		{Key: "ARTIST", Value: s.Artist},
		{Key: "DATE", Value: strconv.Itoa(s.Year)},
	}
	if albums := Albums(); s.Album >= 0 && s.Album < len(albums) {
		tags = append(tags,
			flac.Tag{Key: "ALBUM", Value: albums[s.Album].Title},
			flac.Tag{Key: "ALBUMARTIST", Value: albums[s.Album].Artist},
			flac.Tag{Key: "TRACKNUMBER", Value: strconv.Itoa(s.Track)})
	}
	flac.Thin(pcm)
	return flac.Encode(pcm, synth.SampleRate, tags)
}

// Cover returns the picture of an album or a song as a file of type ImageType,
// 1200 pixels square. Calls share nothing and may run concurrently.
func Cover(d cover.Design) ([]byte, error) { return cover.Draw(d, coverSize) }

// Avatar returns the user's picture as a file of type ImageType, 600 pixels
// square. Calls share nothing and may run concurrently.
func Avatar(u User) ([]byte, error) { return cover.Face(u.Portrait, avatarSize) }
