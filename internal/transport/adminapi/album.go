package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// maxYear is the greatest release year that a form takes.
const maxYear = 9999

func albums(c Config) *Model {
	return &Model{
		Name: panel.Albums, Label: "Album", Plural: "Albums", Icon: "disc",
		View: account.Viewer, Edit: account.Editor,
		Columns: []Column{
			{Name: "image", Label: "Cover", Kind: ImageColumn, Unsorted: true},
			{Name: "title", Label: "Title", Kind: TextColumn},
			{Name: "artist", Label: "Artist", Kind: TextColumn},
			{Name: "release_year", Label: "Release year", Kind: NumberColumn},
			{Name: "songs", Label: "Song count", Kind: NumberColumn},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
		},
		Detail: "artist", Order: "-created_at", Search: []string{"title", "artist"}, SearchHint: "Title or artist",
		Filters: []Filter{
			{Name: "release_year", Label: "Release year", Kind: ChoiceFilter},
			createdAt(),
		},
		Fieldsets: []Fieldset{
			{Label: "Album information", Fields: []Field{
				{Name: "title", Label: "Title", Kind: TextField, Required: true, Max: maxName},
				{Name: "artist", Label: "Artist", Kind: TextField, Required: true, Max: maxName},
				{Name: "release_year", Label: "Release year", Kind: YearField, Required: true, Max: maxYear},
				{Name: "image", Label: "Cover", Kind: ImageField, Required: true, Accept: imageFiles},
			}},
			timestamps(),
		},
		Add: func(ctx context.Context, actor account.Actor, v Values) (int64, error) {
			album, err := c.Catalog.CreateAlbum(ctx, actor, catalog.NewAlbum{
				Title: value[string](v, "title"), Artist: value[string](v, "artist"),
				ReleaseYear: value[float64](v, "release_year"), Image: value[file.Upload](v, "image"),
			})
			return album.ID, err
		},
		Change: func(ctx context.Context, actor account.Actor, id int64, v Values) error {
			_, err := c.Catalog.UpdateAlbum(ctx, actor, id, catalog.AlbumChange{
				Title: given[string](v, "title"), Artist: given[string](v, "artist"),
				ReleaseYear: given[float64](v, "release_year"), Image: given[file.Upload](v, "image"),
			})
			return err
		},
		Actions: []Action{{
			Name: deletion, Label: "Delete", Danger: true, Cascade: true,
			Confirm: "Delete these albums with their songs and all files?",
			Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
				return c.Catalog.DeleteAlbum(ctx, actor, id)
			},
		}},
	}
}
