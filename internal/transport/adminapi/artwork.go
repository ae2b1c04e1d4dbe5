package adminapi

import (
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"io"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

// artwork finds the picture of an uploaded song: the one in the file, that of its
// album, or one that is drawn.
type artwork struct {
	api      *api
	embedded []byte
	seed     string
	found    *file.Upload
}

// forAlbum returns the picture for a new album.
func (v *artwork) forAlbum(ctx context.Context) (file.Upload, error) {
	return v.forSong(ctx, catalog.Album{})
}

// forSong returns the picture for a song of the album, which may be the zero
// one.
func (v *artwork) forSong(ctx context.Context, album catalog.Album) (file.Upload, error) {
	sources := []func(context.Context) (io.ReadCloser, error){
		v.ofFile,
		func(ctx context.Context) (io.ReadCloser, error) { return v.ofAlbum(ctx, album) },
		v.drawn,
	}
	for _, open := range sources {
		if v.found != nil {
			return *v.found, nil
		}
		if err := v.take(ctx, open); err != nil {
			return file.Upload{}, err
		}
	}
	if v.found == nil {
		return file.Upload{}, errors.New("the cover that was drawn is no image")
	}
	return *v.found, nil
}

// take keeps a picture, if there is one and it can be used.
func (v *artwork) take(ctx context.Context, open func(context.Context) (io.ReadCloser, error)) error {
	r, err := open(ctx)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	staged, err := v.api.Stage.Receive(ctx, r, v.api.ImageLimit)
	if errs.Is(err, errs.TooLarge) {
		return nil
	}
	if err != nil {
		return err
	}
	up := file.Upload{Staged: staged, Filename: "cover"}
	if err := v.api.Files.CheckImage(ctx, up); err != nil {
		staged.Discard()
		if errs.Is(err, errs.Invalid) {
			return nil // the music is what was uploaded, and it is good
		}
		return err
	}
	v.found = &up
	return nil
}

func (v *artwork) discard() {
	if v.found != nil {
		v.found.Staged.Discard()
	}
}

func (v *artwork) ofFile(context.Context) (io.ReadCloser, error) {
	if len(v.embedded) == 0 {
		return nil, nil
	}
	return io.NopCloser(bytes.NewReader(v.embedded)), nil
}

func (v *artwork) ofAlbum(ctx context.Context, album catalog.Album) (io.ReadCloser, error) {
	if album.Image == "" || file.IsURL(album.Image) {
		return nil, nil
	}
	f, err := v.api.Files.ByName(ctx, album.Image)
	if err != nil {
		return nil, absent(err)
	}
	blob, _, err := v.api.Blobs.Open(ctx, f.Key)
	if err != nil {
		return nil, absent(err)
	}
	return blob, nil
}

// absent passes over an album's picture that has gone.
func absent(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

func (v *artwork) drawn(context.Context) (io.ReadCloser, error) {
	h := fnv.New64a()
	h.Write([]byte(v.seed))
	picture, err := v.api.Cover(h.Sum64())
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(picture)), nil
}
