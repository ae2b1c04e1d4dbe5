// Package file keeps the public names under /media/: it checks what is
// uploaded, names it, and lets go of what nothing refers to any more.
//
// A name stands for one content for ever: it is never given to another file,
// even after its own is gone, so that whoever cached it is never wrong.
package file

import (
	"context"
	"fmt"
	"time"

	"github.com/antiphon-music/antiphon/internal/audio"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/picture"
)

// Folder is the first part of a name; it says what the file is of. The
// folders are the reference's.
type Folder string

// The folders.
const (
	AlbumImages Folder = "album_images"
	SongImages  Folder = "song_images"
	SongAudio   Folder = "songs"
	UserImages  Folder = "user_images"
)

// Upload is a file that has arrived and waits to be accepted. Whoever received
// it discards Staged in the end; after it was accepted that does no harm.
type Upload struct {
	Staged   *media.Staged
	Filename string // as the client called it
}

// Accepted is an upload whose content was checked and is durable, but has no
// name yet.
type Accepted struct {
	Key         media.Key
	Size        int64 // bytes
	ContentType string
	Filename    string
	Duration    time.Duration // of audio; 0 if its length cannot be told
}

// File is a name and what it stands for.
type File struct {
	Name        string // "songs/track_01.mp3": at most 100 characters
	Key         media.Key
	Size        int64 // bytes
	ContentType string
	Created     time.Time
	Removed     time.Time // zero while the name is in use
}

// Store is what files need of a database.
type Store interface {
	FileByName(ctx context.Context, name string) (File, error) // NotFound if never given or removed
	InsertFile(ctx context.Context, f File) error              // Conflict if the name was ever given
	RemoveFiles(ctx context.Context, names []string, at time.Time) error
	RemoveReleased(ctx context.Context, at time.Time) error                           // names of imports that records shared, and no record has any more
	ReferencedKeys(ctx context.Context, keys []media.Key) (map[media.Key]bool, error) // those that a name in use stands for
	Contents(ctx context.Context, after media.Key, limit int) ([]Content, error)      // what names in use stand for, of greater keys, in their order
	HoldContents(ctx context.Context, until time.Time) error                          // at least until then
	ContentsHeld(ctx context.Context, at time.Time) (bool, error)
}

// Config are the parts a Service is made of.
type Config struct {
	Store     Store
	Blobs     media.Blobs
	Stage     *media.Stage
	Derived   Derived
	MaxPixels int64         // of an image: width times height
	Grace     time.Duration // how long a blob may lie about before it counts as abandoned
	Now       func() time.Time
	// Named hears of each name that is given, in the transaction that gives
	// it; nil if nobody needs to.
	Named func(ctx context.Context, f File) error
}

// Derived are the files made from a blob that go with it.
type Derived interface {
	Remove(k media.Key) error
}

// Service holds the rules about files. It is safe for concurrent use.
type Service struct{ c Config }

// NewService returns a service over its parts.
func NewService(c Config) *Service { return &Service{c: c} }

// AcceptImage checks that an upload is a whole image of a size we can handle,
// and makes it durable. Errors: Invalid with the field "image" and the code
// Required if nothing was uploaded, Empty, NotImage or Pixels.
func (s *Service) AcceptImage(ctx context.Context, up Upload) (Accepted, error) {
	info, err := s.checkImage(up)
	if err != nil {
		return Accepted{}, err
	}
	return s.accept(ctx, up, info.Format.ContentType(), 0)
}

// AcceptAudio checks that an upload is audio that can be played, and makes it
// durable. Errors: Invalid with the field "audio" and the code Required if
// nothing was uploaded, Empty or NotAudio.
func (s *Service) AcceptAudio(ctx context.Context, up Upload) (Accepted, error) {
	info, err := checkAudio(up)
	if err != nil {
		return Accepted{}, err
	}
	return s.accept(ctx, up, info.Format.ContentType(), info.Duration)
}

// CheckImage returns the error that AcceptImage would, and keeps nothing: for
// whoever tells all that is wrong with a form at once.
func (s *Service) CheckImage(_ context.Context, up Upload) error {
	_, err := s.checkImage(up)
	return err
}

// CheckAudio is CheckImage for AcceptAudio.
func (s *Service) CheckAudio(_ context.Context, up Upload) error {
	_, err := checkAudio(up)
	return err
}

func (s *Service) checkImage(up Upload) (picture.Info, error) {
	if up.Staged == nil {
		return picture.Info{}, errs.InvalidFields(errs.Field{Name: "image", Code: errs.Required})
	}
	return picture.Check(up.Staged, up.Staged.Size, s.c.MaxPixels)
}

func checkAudio(up Upload) (audio.Info, error) {
	if up.Staged == nil {
		return audio.Info{}, errs.InvalidFields(errs.Field{Name: "audio", Code: errs.Required})
	}
	return audio.Probe(up.Staged, up.Staged.Size)
}

func (s *Service) accept(ctx context.Context, up Upload, contentType string, d time.Duration) (Accepted, error) {
	if err := s.c.Blobs.Put(ctx, up.Staged); err != nil {
		return Accepted{}, err
	}
	return Accepted{
		Key: up.Staged.Key, Size: up.Staged.Size, ContentType: contentType,
		Filename: up.Filename, Duration: d,
	}, nil
}

// nameTries bounds the search for a free name; a random suffix clashes once in
// billions.
const nameTries = 10

// Name gives an accepted upload a name in the folder that was never given
// before, and returns it. It joins the transaction in ctx, so that a name
// exists exactly when what refers to it does.
func (s *Service) Name(ctx context.Context, a Accepted, folder Folder) (string, error) {
	for try := range nameTries {
		name := nameOf(folder, a.Filename, try > 0)
		f := File{Name: name, Key: a.Key, Size: a.Size, ContentType: a.ContentType, Created: s.c.Now()}
		err := s.c.Store.InsertFile(ctx, f)
		if err == nil && s.c.Named != nil {
			err = s.c.Named(ctx, f)
		}
		if !errs.Is(err, errs.Conflict) {
			return name, err
		}
	}
	return "", fmt.Errorf("no free name for %q in %s", a.Filename, folder)
}

// NameAs gives an accepted upload the name that it has in another system, so
// that its address stays. It joins the transaction in ctx. Errors: Invalid with
// the field "name" for what can be no name, Conflict if it was ever given.
func (s *Service) NameAs(ctx context.Context, a Accepted, name string) error {
	if !validName(name) {
		return errs.InvalidFields(errs.Field{Name: "name", Code: errs.Malformed, Limit: MaxName})
	}
	f := File{Name: name, Key: a.Key, Size: a.Size, ContentType: a.ContentType, Created: s.c.Now()}
	if err := s.c.Store.InsertFile(ctx, f); err != nil || s.c.Named == nil {
		return err
	}
	return s.c.Named(ctx, f)
}

// Release lets go of names; "" and absolute URLs are passed over. It joins the
// transaction in ctx. The content goes with the next Collect.
func (s *Service) Release(ctx context.Context, names ...string) error {
	ours := make([]string, 0, len(names))
	for _, n := range names {
		if n != "" && !IsURL(n) {
			ours = append(ours, n)
		}
	}
	if len(ours) == 0 {
		return nil
	}
	return s.c.Store.RemoveFiles(ctx, ours, s.c.Now())
}

// ByName returns the file that a name stands for. Errors: NotFound.
func (s *Service) ByName(ctx context.Context, name string) (File, error) {
	return s.c.Store.FileByName(ctx, name)
}
