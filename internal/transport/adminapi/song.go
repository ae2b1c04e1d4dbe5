package adminapi

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// What a file dialog offers.
const (
	imageFiles = "image/jpeg,image/png,image/gif,image/webp"
	audioFiles = "audio/*,.mp3,.flac,.ogg,.opus,.m4a,.aac,.wav,.aiff"
)

// maxName is the greatest length of a title or an artist in a form, which is
// stricter than the catalogue.
const maxName = 255

func songs(c Config) *Model {
	album := Field{Name: "album", Label: "Album", Kind: RelationField, Model: panel.Albums, Help: "Empty for a single."}
	return &Model{
		Name: panel.Songs, Label: "Song", Plural: "Songs", Icon: "music",
		View: account.Viewer, Edit: account.Editor,
		Columns: []Column{
			{Name: "image", Label: "Cover", Kind: ImageColumn, Unsorted: true},
			{Name: "title", Label: "Title", Kind: TextColumn},
			{Name: "artist", Label: "Artist", Kind: TextColumn},
			{Name: "album", Label: "Album", Kind: RelationColumn, Model: panel.Albums},
			{Name: "duration", Label: "Duration", Kind: DurationColumn},
			{Name: "created_at", Label: "Created at", Kind: TimeColumn},
		},
		Detail: "artist", Order: "-created_at", Search: []string{"title", "artist", "album"}, SearchHint: "Title, artist or album",
		Filters: []Filter{
			{Name: "album", Label: "Album", Kind: RelationFilter, Model: panel.Albums},
			createdAt(),
		},
		Fieldsets: []Fieldset{
			{Label: "Song information", Fields: []Field{
				{Name: "title", Label: "Title", Kind: TextField, Required: true, Max: maxName},
				{Name: "artist", Label: "Artist", Kind: TextField, Required: true, Max: maxName},
				{Name: "duration", Label: "Duration", Kind: DurationField, Help: "In seconds; 0 for the length of the audio file."},
				album,
			}},
			{Label: "Media files", Fields: []Field{
				{Name: "image", Label: "Cover", Kind: ImageField, Required: true, Accept: imageFiles},
				{Name: "audio", Label: "Audio", Kind: AudioField, Required: true, Accept: audioFiles},
			}},
			timestamps(),
		},
		Add: func(ctx context.Context, actor account.Actor, v Values) (int64, error) {
			s, err := c.Catalog.CreateSong(ctx, actor, catalog.NewSong{
				Title: value[string](v, "title"), Artist: value[string](v, "artist"),
				Duration: value[float64](v, "duration"), AlbumID: value[int64](v, "album"),
				Image: value[file.Upload](v, "image"), Audio: value[file.Upload](v, "audio"),
			})
			return s.ID, err
		},
		Change: func(ctx context.Context, actor account.Actor, id int64, v Values) error {
			in := catalog.SongChange{
				Title: given[string](v, "title"), Artist: given[string](v, "artist"),
				Duration: given[float64](v, "duration"), AlbumID: given[int64](v, "album"),
				Image: given[file.Upload](v, "image"), Audio: given[file.Upload](v, "audio"),
			}
			switch {
			case in.Audio != nil && in.Duration == nil:
				in.Duration = new(0.0) // that of the new file
			case in.Audio == nil && in.Duration != nil && *in.Duration == 0:
				in.Duration = nil
			}
			_, err := c.Catalog.UpdateSong(ctx, actor, id, in)
			return err
		},
		Actions: []Action{
			{
				Name: "set_album", Label: "Set album", Value: &album,
				Run: func(ctx context.Context, actor account.Actor, id int64, v Values) error {
					_, err := c.Catalog.UpdateSong(ctx, actor, id, catalog.SongChange{AlbumID: new(value[int64](v, "album"))})
					return err
				},
			},
			{
				Name: deletion, Label: "Delete", Danger: true, Cascade: true,
				Confirm: "Delete these songs with their files?",
				Run: func(ctx context.Context, actor account.Actor, id int64, _ Values) error {
					return c.Catalog.DeleteSong(ctx, actor, id)
				},
			},
		},
	}
}
