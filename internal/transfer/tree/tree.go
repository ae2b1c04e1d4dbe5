// Package tree brings in the files of a library that keeps them in a folder, as
// Django does in its MEDIA_ROOT. Each keeps its name, so that the addresses that
// clients know stay what they are.
package tree

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Files is what takes the files: file.Service.
type Files interface {
	AcceptImage(ctx context.Context, up file.Upload) (file.Accepted, error)
	AcceptAudio(ctx context.Context, up file.Upload) (file.Accepted, error)
	ByName(ctx context.Context, name string) (file.File, error)
	NameAs(ctx context.Context, a file.Accepted, name string) error
}

// Memory notes what was brought in, so that records can share it.
type Memory interface {
	PutTransferredMedia(ctx context.Context, path, name string) error
	InTx(ctx context.Context, do func(ctx context.Context) error) error
}

// Config are the parts of a Tree.
type Config struct {
	Dir    string // as MEDIA_ROOT
	Files  Files
	Memory Memory
	Stage  *media.Stage
	// ImageLimit and AudioLimit are the greatest sizes of files, in bytes.
	ImageLimit, AudioLimit int64
}

// Tree is a folder of files. It is safe for concurrent use.
type Tree struct {
	c    Config
	root *os.Root

	flights singleflight.Group // by path

	mu   sync.Mutex
	seed maphash.Seed
	done map[uint64]struct{} // the paths that were brought in, by hash: there may be a million
}

// Open returns the tree of a folder. The caller closes it.
func Open(c Config) (*Tree, error) {
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return &Tree{c: c, root: root, seed: maphash.MakeSeed(), done: map[uint64]struct{}{}}, nil
}

// Close lets go of the folder.
func (t *Tree) Close() error { return t.root.Close() }

// Rewrite brings in the file of a path in the folder, and returns the path,
// which is its name here. Of an absolute URL it is what follows "/media/", as in
// an export; one of which the folder has no file stays as it is. A name that is taken already is
// right if it stands for the same content: a former run brought it in. Nothing
// outside of the folder is read, by links neither.
func (t *Tree) Rewrite(ctx context.Context, path string, kind transfer.MediaKind) (string, error) {
	if path = t.named(path); file.IsURL(path) {
		return path, nil
	}
	if !fs.ValidPath(path) {
		return "", errors.New("this is no path within the folder")
	}
	_, err, _ := t.flights.Do(path, func() (any, error) { // many songs have one cover
		if t.isDone(path) {
			return nil, nil
		}
		if err := t.bring(ctx, path, kind); err != nil {
			return nil, err
		}
		t.setDone(path)
		return nil, nil
	})
	if err != nil {
		return "", err
	}
	return path, nil
}

// Known implements [transfer.Media]: a name is known without a look at the file.
func (t *Tree) Known(_ context.Context, path string, _ transfer.MediaKind) (string, error) {
	return t.named(path), nil
}

// named returns what a path or an address is called here.
func (t *Tree) named(path string) string {
	if file.IsURL(path) {
		if name, ok := t.exported(path); ok {
			return name
		}
	}
	return path
}

// exported returns the path in the folder of an absolute URL.
func (t *Tree) exported(address string) (path string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	_, path, ok = strings.Cut(u.Path, "/media/")
	if !ok || !fs.ValidPath(path) {
		return "", false
	}
	_, err = t.root.Stat(path)
	return path, err == nil
}

func (t *Tree) bring(ctx context.Context, path string, kind transfer.MediaKind) error {
	f, err := t.open(path, kind)
	if err != nil {
		return err
	}
	defer f.Close()
	known, err := t.c.Files.ByName(ctx, path)
	switch {
	case err == nil:
		return isContent(f, known)
	case !errs.Is(err, errs.NotFound):
		return err
	}
	staged, err := t.c.Stage.Receive(ctx, f, t.limit(kind))
	if err != nil {
		return err
	}
	defer staged.Discard()
	accepted, err := t.accept(ctx, file.Upload{Staged: staged, Filename: path}, kind)
	if err != nil {
		return err
	}
	return t.c.Memory.InTx(ctx, func(ctx context.Context) error {
		if err := t.c.Files.NameAs(ctx, accepted, path); err != nil {
			return err
		}
		return t.c.Memory.PutTransferredMedia(ctx, path, path)
	})
}

func (t *Tree) open(path string, kind transfer.MediaKind) (*os.File, error) {
	f, err := t.root.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errors.New("this is no file")
	case info.Size() > t.limit(kind):
		err = fmt.Errorf("%d bytes are over the limit of %d", info.Size(), t.limit(kind))
	default:
		return f, nil
	}
	return nil, errors.Join(err, f.Close())
}

// isContent returns an error unless a file has the content that a name stands for.
func isContent(f *os.File, known file.File) error {
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return err
	}
	if size != known.Size || hex.EncodeToString(hash.Sum(nil)) != string(known.Key) {
		return errors.New("another file has this name here")
	}
	return nil
}

func (t *Tree) limit(kind transfer.MediaKind) int64 {
	if kind == transfer.SongAudio {
		return t.c.AudioLimit
	}
	return t.c.ImageLimit
}

func (t *Tree) accept(ctx context.Context, up file.Upload, kind transfer.MediaKind) (file.Accepted, error) {
	if kind == transfer.SongAudio {
		return t.c.Files.AcceptAudio(ctx, up)
	}
	return t.c.Files.AcceptImage(ctx, up)
}

func (t *Tree) isDone(path string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.done[maphash.String(t.seed, path)]
	return ok
}

func (t *Tree) setDone(path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done[maphash.String(t.seed, path)] = struct{}{}
}
