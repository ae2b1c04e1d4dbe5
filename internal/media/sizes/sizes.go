// Package sizes keeps smaller versions of stored images on disk, made when they
// are first asked for.
//
// The directory looks like this, and can be thrown away at any time:
//
//	ab/abcd…/640   the image of key abcd… in a square of 640 pixels
//
// The file begins with the magic number of its format. An empty file notes that
// the blob is no image that can be resized, so that nobody tries twice.
package sizes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"golang.org/x/sync/singleflight"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/picture"
)

// Snap returns the size that is made for somebody who wishes n pixels: the next
// larger of 64, 160, 300, 640 and 1200. It is false if n is over these and the
// original is the right answer, or under 1.
func Snap(n int) (size int, ok bool) {
	if n < 1 {
		return 0, false
	}
	for _, size := range [...]int{64, 160, 300, 640, 1200} {
		if n <= size {
			return size, true
		}
	}
	return 0, false
}

// Cache makes and keeps smaller versions of the images among the blobs.
type Cache struct {
	dir   string
	blobs media.Blobs

	flights singleflight.Group
	// slots has room for as many as may decode at a time: an image in memory is
	// hundreds of times its file.
	slots chan struct{}
}

// New returns a cache in the directory dir, which it creates if needed, of the
// images in blobs.
func New(dir string, blobs media.Blobs) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("sizes: making the cache directory: %w", err)
	}
	return &Cache{dir: dir, blobs: blobs, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// Image is an open image. The caller closes it.
type Image struct {
	*os.File
	ContentType string // "image/jpeg" or "image/png"
	Bytes       int64  // its length
}

// Open opens the image of key k that fits into a square of size pixels, a size
// that [Snap] gives, and makes it if need be. Those who want the same one at
// the same time wait for one who makes it.
//
// It fails with errs.NotFound if there is no such blob, and with errs.Invalid
// and a field "image" if it is nothing that can be resized; then the original
// is the best there is.
func (c *Cache) Open(ctx context.Context, k media.Key, size int) (*Image, error) {
	if snapped, ok := Snap(size); !ok || snapped != size {
		return nil, fmt.Errorf("sizes: %d is not a size", size)
	}
	if !k.Valid() {
		return nil, errs.New(errs.NotFound, "There is no such file.")
	}
	path := filepath.Join(c.dirOf(k), strconv.Itoa(size))
	m, err := open(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	// The work goes on if this caller leaves: others may wait for it.
	made := c.flights.DoChan(path, func() (any, error) {
		return nil, c.make(context.WithoutCancel(ctx), path, k, size)
	})
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("sizes: waiting for an image: %w", ctx.Err())
	case result := <-made:
		if result.Err != nil {
			return nil, result.Err
		}
	}
	return open(path)
}

// Remove removes all sizes of the image of key k. It is for when the blob has
// been deleted.
func (c *Cache) Remove(k media.Key) error {
	if !k.Valid() {
		return nil
	}
	if err := os.RemoveAll(c.dirOf(k)); err != nil {
		return fmt.Errorf("sizes: removing images: %w", err)
	}
	return nil
}

// open opens a file of the cache.
func open(path string) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sizes: opening an image: %w", err)
	}
	m, err := identify(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return m, nil
}

// identify finds out what f holds.
func identify(f *os.File) (*Image, error) {
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("sizes: opening an image: %w", err)
	}
	if stat.Size() == 0 {
		return nil, &errs.Error{
			Kind:   errs.Invalid,
			Fields: []errs.Field{{Name: "image", Code: errs.NotImage}},
		}
	}
	var first [1]byte
	if _, err := f.ReadAt(first[:], 0); err != nil {
		return nil, fmt.Errorf("sizes: opening an image: %w", err)
	}
	format := picture.PNG
	if first[0] == 0xff {
		format = picture.JPEG
	}
	return &Image{File: f, ContentType: format.ContentType(), Bytes: stat.Size()}, nil
}

// make makes the file at path, an empty one if the blob is no image.
func (c *Cache) make(ctx context.Context, path string, k media.Key, size int) error {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()

	blob, info, err := c.blobs.Open(ctx, k)
	if err != nil {
		return fmt.Errorf("sizes: making an image: %w", err)
	}
	defer blob.Close()
	var made bytes.Buffer
	_, err = picture.Resize(&made, blob, info.Size, size)
	if err != nil && !errs.Is(err, errs.Invalid) {
		return fmt.Errorf("sizes: making an image: %w", err)
	}
	if err := write(path, made.Bytes()); err != nil {
		return fmt.Errorf("sizes: making an image: %w", err)
	}
	return nil
}

// write writes a file that appears under its name whole or not at all.
func write(path string, content []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// dirOf returns the directory of all sizes of an image.
func (c *Cache) dirOf(k media.Key) string {
	return filepath.Join(c.dir, string(k[:2]), string(k))
}
