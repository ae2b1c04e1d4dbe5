package file_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

const (
	grace     = time.Hour
	maxPixels = 10_000
)

// shelf is a service over a real store and a real directory. Its clock stands
// still, at the time at which the test began: blobs bear the time of the
// system.
type shelf struct {
	*file.Service
	store *store.Store
	blobs *local.Store
	sizes *sizes.Cache
	dir   string
	now   time.Time
}

func newShelf(t *testing.T, engine string) *shelf {
	t.Helper()
	dir := t.TempDir()
	s := &shelf{dir: dir, store: storetest.Open(t, engine), now: time.Now().UTC().Truncate(time.Microsecond)}
	s.blobs = must(local.New(dir))(t)
	s.sizes = must(sizes.New(filepath.Join(dir, "sizes"), s.blobs))(t)
	s.Service = file.NewService(file.Config{
		Store: s.store, Blobs: s.blobs, Stage: s.blobs.Stage(), Derived: s.sizes,
		MaxPixels: maxPixels, Grace: grace, Now: func() time.Time { return s.now },
	})
	return s
}

// upload stages a content.
func (s *shelf) upload(t *testing.T, content []byte, filename string) file.Upload {
	t.Helper()
	staged := must(s.blobs.Stage().Receive(t.Context(), bytes.NewReader(content), 1<<20))(t)
	t.Cleanup(staged.Discard)
	return file.Upload{Staged: staged, Filename: filename}
}

// image accepts a fixture as an image of that name.
func (s *shelf) image(t *testing.T, fixture, filename string) file.Accepted {
	t.Helper()
	return must(s.AcceptImage(t.Context(), s.upload(t, fixtures[fixture], filename)))(t)
}

// stored reports whether the content is kept.
func (s *shelf) stored(t *testing.T, a file.Accepted) bool {
	t.Helper()
	b, _, err := s.blobs.Open(t.Context(), a.Key)
	if errs.Is(err, errs.NotFound) {
		return false
	}
	check(t, err)
	check(t, b.Close())
	return true
}

var fixtures = world.Fixtures()

// must returns v, and ends the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("error %v, want one of kind %v", err, want)
	}
}

// wantField checks that an error is Invalid, and its only field.
func wantField(t *testing.T, err error, name string, code errs.Code) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != name || e.Fields[0].Code != code {
		t.Errorf("error %v, want invalid: %s is %s", err, name, code)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}
