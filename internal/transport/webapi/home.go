package webapi

import (
	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

type home struct {
	Featured   []song  `json:"featured" doc:"six songs to show first"`
	MadeForYou []song  `json:"madeForYou" doc:"four songs for the caller"`
	Trending   []song  `json:"trending" doc:"four songs heard most at present"`
	Recent     []song  `json:"recent" doc:"up to eight songs that the caller heard last; none for nobody"`
	Albums     []album `json:"albums" doc:"the eight newest"`
}

// How long the lists of the home page are.
const (
	homeRecent = 8
	homeAlbums = 8
)

func (w *web) home(c *jsonapi.Call) (any, error) {
	featured, err := w.c.Catalog.Featured(c.Context())
	if err != nil {
		return nil, err
	}
	made, err := w.c.Catalog.MadeForYou(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	trending, err := w.c.Catalog.Trending(c.Context())
	if err != nil {
		return nil, err
	}
	var recent []catalog.Song
	if c.Actor.Known() {
		if recent, err = w.c.Listening.Recent(c.Context(), c.Actor, homeRecent); err != nil {
			return nil, err
		}
	}
	albums, _, err := w.c.Catalog.Albums(c.Context(), catalog.Page{Limit: homeAlbums})
	p := w.presenter()
	return home{
		Featured: each(featured, p.toSong), MadeForYou: each(made, p.toSong), Trending: each(trending, p.toSong),
		Recent: each(recent, p.toSong), Albums: each(albums, p.toAlbum),
	}, err
}

type searchResult struct {
	Songs   []song   `json:"songs" doc:"at most 8"`
	Albums  []album  `json:"albums" doc:"at most 6"`
	Artists []artist `json:"artists" doc:"at most 6"`
	People  []person `json:"people" doc:"at most 6; none if nobody is signed in"`
}

// How much a search finds of each kind.
const (
	foundSongs = 8
	foundOther = 6
)

func (w *web) search(c *jsonapi.Call) (any, error) {
	found := searchResult{Songs: []song{}, Albums: []album{}, Artists: []artist{}, People: []person{}}
	words, err := c.Words("q")
	if err != nil || len(words) == 0 {
		return found, err
	}
	ctx := c.Context()
	songs, _, err := w.c.Catalog.FindSongs(ctx, catalog.SongQuery{Words: words, Limit: foundSongs})
	if err != nil {
		return nil, err
	}
	albums, _, err := w.c.Catalog.FindAlbums(ctx, catalog.AlbumQuery{Words: words, Limit: foundOther})
	if err != nil {
		return nil, err
	}
	artists, _, err := w.c.Catalog.Artists(ctx, catalog.ArtistQuery{Words: words, Limit: foundOther})
	if err != nil {
		return nil, err
	}
	p := w.presenter()
	found.Songs, found.Albums, found.Artists = each(songs, p.toSong), each(albums, p.toAlbum), each(artists, p.toArtist)
	if c.Actor.Known() {
		people, _, err := w.c.Accounts.People(ctx, c.Actor, account.PeopleQuery{Words: words, Limit: foundOther})
		if err != nil {
			return nil, err
		}
		found.People = each(people, p.toPerson)
	}
	return found, nil
}
