package catalog_test

import (
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestFind(t *testing.T) {
	eachEngine(t, func(t *testing.T, s shop) {
		ctx := t.Context()
		a := s.addAlbum(t, "Première")
		s.addSong(t, "Étude", a.ID)
		s.addSong(t, "Valse", 0)

		songs, total, err := s.FindSongs(ctx, catalog.SongQuery{Limit: 1})
		if err != nil || total != 2 || len(songs) != 1 || songs[0].Title != "Valse" {
			t.Errorf("all songs: %v of %d, %v", songs, total, err)
		}
		songs, total, err = s.FindSongs(ctx, catalog.SongQuery{Words: []string{"PREMIÈRE", "étu"}})
		if err != nil || total != 1 || songs[0].AlbumTitle != "Première" {
			t.Errorf("songs: %v of %d, %v", songs, total, err)
		}
		albums, total, err := s.FindAlbums(ctx, catalog.AlbumQuery{})
		if err != nil || total != 1 || albums[0].SongCount != 1 {
			t.Errorf("all albums: %v of %d, %v", albums, total, err)
		}
		artists, total, err := s.Artists(ctx, catalog.ArtistQuery{Words: []string{"art"}})
		if err != nil || total != 1 || artists[0].Works != 3 || artists[0].Image != a.Image {
			t.Errorf("artists: %v of %d, %v", artists, total, err)
		}
		many := strings.Fields(strings.Repeat("x ", catalog.MaxWords+1))
		for name, find := range map[string]func() error{
			"songs":   func() error { _, _, err := s.FindSongs(ctx, catalog.SongQuery{Words: many}); return err },
			"albums":  func() error { _, _, err := s.FindAlbums(ctx, catalog.AlbumQuery{Words: many}); return err },
			"artists": func() error { _, _, err := s.Artists(ctx, catalog.ArtistQuery{Words: many}); return err },
		} {
			if err := find(); !errs.Is(err, errs.Invalid) {
				t.Errorf("many words for %s: %v", name, err)
			}
		}
	})
}
