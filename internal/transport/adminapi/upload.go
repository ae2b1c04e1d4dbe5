package adminapi

import (
	"context"
	"path"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audio"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// uploadForm samples the body of an upload.
type uploadForm struct {
	Audio      kit.FilePart `json:"audio" doc:"MP3, FLAC, Ogg, Opus, M4A, AAC, WAV or AIFF"`
	Album      string       `json:"album,omitempty" doc:"tags (the one that the file names, made if need be), none, or an id; tags if it is left out"`
	Duplicates string       `json:"duplicates,omitempty" doc:"what to do with a file that is there already: skip or keep; skip if it is left out"`
}

// uploadedJSON is what became of an upload.
type uploadedJSON struct {
	Song        rowJSON    `json:"song"`
	DuplicateOf *refJSON   `json:"duplicateOf" doc:"the song that has the same audio file"`
	Album       *albumJSON `json:"album"`
	Tags        tagsJSON   `json:"tags" doc:"what the file says"`
}

type albumJSON struct {
	ID      int64  `json:"id"`
	Label   string `json:"label"`
	Created bool   `json:"created" doc:"it was made for this song"`
}

type tagsJSON struct {
	Title  string `json:"title"`
	Artist string `json:"artist"`
	Album  string `json:"album"`
	Track  int    `json:"track" doc:"0 if the file does not say"`
	Year   int    `json:"year" doc:"0 if the file does not say"`
}

// duplicateJSON are the details of the error about a file that is there.
type duplicateJSON struct {
	DuplicateOf refJSON `json:"duplicateOf"`
}

// unknownArtist is the artist of a file that names none.
const unknownArtist = "Unknown artist"

// What an upload may say instead of an album's id, and about duplicates.
const (
	albumOfTags    = "tags"
	noAlbum        = "none"
	skipDuplicates = "skip"
	keepDuplicates = "keep"
)

// upload answers POST /uploads: it makes a song of an audio file and what its
// tags say.
func (a *api) upload(c *jsonapi.Call) (any, error) {
	up, choice, keep, err := uploaded(c)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(up)
	if err != nil {
		return nil, err
	}
	out := uploadedJSON{Tags: tagsJSON{tags.Title, tags.Artist, tags.Album, tags.Track, tags.Year}}
	if out.DuplicateOf, err = a.duplicate(c.Context(), up, keep); err != nil {
		return nil, err
	}
	in := catalog.NewSong{Title: tags.Title, Artist: tags.Artist, Audio: up}
	if in.Title == "" {
		in.Title = titleOf(up.Filename)
	}
	if in.Artist == "" {
		in.Artist = unknownArtist
	}
	art := &artwork{api: a, embedded: tags.Cover, seed: in.Title + "\n" + in.Artist}
	defer art.discard()
	album, created, err := a.albumFor(c.Context(), c.Actor, choice, tags, art)
	if err != nil {
		return nil, err
	}
	if album.ID != 0 {
		out.Album = &albumJSON{album.ID, album.Title + " by " + album.Artist, created}
		in.AlbumID = album.ID
	}
	if in.Image, err = art.forSong(c.Context(), album); err != nil {
		return nil, err
	}
	song, err := a.Catalog.CreateSong(c.Context(), c.Actor, in)
	if err != nil {
		return nil, err
	}
	row, err := a.Panel.Get(c.Context(), c.Actor, panel.Songs, song.ID)
	if err != nil {
		return nil, err
	}
	out.Song = a.model(panel.Songs).row(row, a.Now(), a.Media.From(""))
	return out, nil
}

// uploaded reads the body.
func uploaded(c *jsonapi.Call) (up file.Upload, album string, keep bool, err error) {
	form, err := c.Form()
	if err != nil {
		return up, "", false, err
	}
	sent := map[string]string{"album": albumOfTags, "duplicates": skipDuplicates}
	var wrong []errs.Field
	for name, values := range form.Values {
		if _, known := sent[name]; !known {
			wrong = append(wrong, errs.Field{Name: name, Code: unknownField})
			continue
		}
		sent[name] = values[len(values)-1]
	}
	id, err := strconv.ParseInt(sent["album"], 10, 64)
	if named := sent["album"] == albumOfTags || sent["album"] == noAlbum; !named && (err != nil || id <= 0) {
		wrong = append(wrong, errs.Field{Name: "album", Code: errs.Unknown, Value: sent["album"]})
	}
	if d := sent["duplicates"]; d != skipDuplicates && d != keepDuplicates {
		wrong = append(wrong, errs.Field{Name: "duplicates", Code: errs.Unknown, Value: d})
	}
	files := form.Files["audio"]
	if len(files) == 0 {
		wrong = append(wrong, errs.Field{Name: "audio", Code: errs.Required})
	} else {
		up = files[0]
	}
	return up, sent["album"], sent["duplicates"] == keepDuplicates, errs.InvalidFields(wrong...)
}

// readTags reads what the file says. Errors: Invalid with the field audio.
func readTags(up file.Upload) (audio.Tags, error) {
	info, err := audio.Probe(up.Staged, up.Staged.Size)
	if err != nil {
		return audio.Tags{}, err
	}
	return audio.ReadTags(up.Staged, up.Staged.Size, info.Format)
}

// duplicate returns the song that has the same audio file, or nil. Errors:
// Conflict with the song in its details, unless duplicates are kept.
func (a *api) duplicate(ctx context.Context, up file.Upload, keep bool) (*refJSON, error) {
	song, err := a.Catalog.SongByAudioContent(ctx, up.Staged.Key)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ref := refJSON{song.ID, song.Title + " by " + song.Artist}
	if keep {
		return &ref, nil
	}
	return nil, &jsonapi.Detailed{
		Err: &errs.Error{Kind: errs.Conflict, Message: "This very file is there already, as " + ref.Label + ".",
			Fields: []errs.Field{{Name: "audio", Code: errs.Taken}}},
		Details: duplicateJSON{ref},
	}
}

// titleOf makes a title of a file's name.
func titleOf(filename string) string {
	name := file.Clean(filename)
	name = strings.Join(strings.FieldsFunc(strings.TrimSuffix(name, path.Ext(name)), func(r rune) bool { return r == '_' }), " ")
	if name == "" {
		return "Untitled"
	}
	return name
}

// albumFor returns the album that the upload asks for, the zero one for none,
// and whether it was made. Errors: Invalid with the field album.
func (a *api) albumFor(ctx context.Context, actor account.Actor, choice string, tags audio.Tags, art *artwork) (catalog.Album, bool, error) {
	artist := tags.AlbumArtist
	if artist == "" {
		artist = tags.Artist
	}
	switch {
	case choice == albumOfTags && tags.Album != "" && artist != "":
		return a.albumNamed(ctx, actor, tags, artist, art)
	case choice == albumOfTags, choice == noAlbum:
		return catalog.Album{}, false, nil
	}
	id, err := strconv.ParseInt(choice, 10, 64)
	if err != nil {
		return catalog.Album{}, false, err
	}
	album, err := a.Catalog.Album(ctx, id)
	if errs.Is(err, errs.NotFound) {
		err = errs.InvalidFields(errs.Field{Name: "album", Code: errs.Unknown})
	}
	return album, false, err
}

// albumNamed returns the album that the tags name, and makes it if need be; of
// this year, if they tell none.
func (a *api) albumNamed(ctx context.Context, actor account.Actor, tags audio.Tags, artist string, art *artwork) (catalog.Album, bool, error) {
	a.albumOfTags.Lock()
	defer a.albumOfTags.Unlock()
	album, err := a.Catalog.AlbumNamed(ctx, tags.Album, artist)
	if !errs.Is(err, errs.NotFound) {
		return album, false, err
	}
	image, err := art.forAlbum(ctx)
	if err != nil {
		return album, false, err
	}
	year := tags.Year
	if year == 0 {
		year = a.Now().UTC().Year()
	}
	album, err = a.Catalog.CreateAlbum(ctx, actor, catalog.NewAlbum{
		Title: tags.Album, Artist: artist, ReleaseYear: float64(year), Image: image,
	})
	return album, err == nil, err
}
