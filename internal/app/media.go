package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/cloudinary"
	"github.com/antiphon-music/antiphon/internal/media/copies"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/s3"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/secret"
	"github.com/antiphon-music/antiphon/internal/transport/files"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// MediaPlace is where uploaded files are kept: a folder or what the setting
// media takes besides, and the key to it.
type MediaPlace struct{ Location, Key, Secret string }

// buildMedia opens the storage of uploaded files. Uploads under way and derived
// images are in a folder in any case.
func (a *App) buildMedia() error {
	dir := a.Config.MediaDir()
	place := MediaPlace{Location: dir, Key: a.Config.MediaKey, Secret: a.Config.MediaSecret}
	if a.Config.MediaIsRemote() {
		place.Location = a.Config.Media
	}
	blobs, err := openMedia(place)
	if err != nil {
		return err
	}
	a.Blobs = blobs
	if l, ok := blobs.(*local.Store); ok {
		a.Stage = l.Stage()
	} else if a.Stage, err = media.NewStage(filepath.Join(dir, "staging")); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	a.Sizes, err = sizes.New(filepath.Join(dir, "sizes"), blobs)
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	return a.buildCopies(filepath.Join(dir, "copies"))
}

// buildCopies keeps copies of what is far away, unless clients fetch it from there
// themselves.
func (a *App) buildCopies(dir string) (err error) {
	remote, ok := a.Blobs.(media.Remote)
	if !ok || a.Config.MediaCache == 0 || a.links() != nil {
		return nil
	}
	a.Copies, err = copies.New(copies.Config{
		Dir: dir, Limit: int64(a.Config.MediaCache), Remote: remote, Stage: a.Stage, Log: a.Log,
	})
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	return nil
}

// copies returns the copies for who serves files, or nil.
func (a *App) copies() files.Copies {
	if a.Copies == nil {
		return nil
	}
	return a.Copies
}

// openMedia opens a storage. It asks a remote one nothing.
func openMedia(p MediaPlace) (media.Blobs, error) {
	var blobs media.Blobs
	var err error
	switch {
	case strings.HasPrefix(p.Location, s3.Scheme):
		var c s3.Config
		if c, err = s3.Parse(p.Location); err == nil {
			c.Key, c.Secret = p.Key, p.Secret
			blobs, err = s3.New(c)
		}
	case strings.HasPrefix(p.Location, cloudinary.Scheme):
		var c cloudinary.Config
		if c, err = cloudinary.Parse(p.Location); err == nil {
			c.Key, c.Secret = p.Key, p.Secret
			blobs, err = cloudinary.New(c)
		}
	case strings.Contains(p.Location, "://"):
		err = fmt.Errorf("%q is no folder, s3://BUCKET or cloudinary://CLOUD", p.Location)
	default:
		blobs, err = local.New(p.Location)
	}
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return blobs, nil
}

// buildURLs says at which addresses clients find files.
func (a *App) buildURLs(keys *secret.Keys) error {
	public, err := a.Config.PublicMedia()
	if err != nil {
		return err
	}
	a.urls.Public = public
	if a.Config.Private {
		a.urls.Signer = kit.NewMediaSigner(keys, a.now)
	}
	return nil
}

// links returns the storage that clients fetch files from themselves, or nil.
func (a *App) links() media.Linker {
	if a.Config.MediaDelivery != config.MediaRedirect {
		return nil
	}
	linker, _ := a.Blobs.(media.Linker)
	return linker
}

// MoveMedia copies all files that are in use to another place: see
// [file.Service.Move].
func (a *App) MoveMedia(ctx context.Context, to MediaPlace, tell func(file.Content, file.Outcome)) (file.Tally, error) {
	blobs, err := openMedia(to)
	if err != nil {
		return file.Tally{}, err
	}
	if err := blobs.Writable(ctx); err != nil {
		return file.Tally{}, fmt.Errorf("nothing can be written there: %w", err)
	}
	return a.Files.Move(ctx, blobs, tell)
}
