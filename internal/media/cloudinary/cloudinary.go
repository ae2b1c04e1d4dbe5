// Package cloudinary stores blobs in an account of Cloudinary, as raw files:
// those come back byte for byte.
//
// A blob's public id is PREFIX and its key. When it was last put is kept in its
// context, for the service does not tell.
//
// The API: https://cloudinary.com/documentation/image_upload_api_reference and
// https://cloudinary.com/documentation/admin_api.
package cloudinary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

// Store is a [media.Blobs] in an account. Several processes may share it, with
// the exception that package s3 has too: a blob that one deletes at the very
// moment at which another puts it anew may go.
type Store struct {
	api      api
	delivery string // the address of a blob without its key
	prefix   string // of the public ids
	patience time.Duration

	// locks keep a Put that finds its blob present and a Delete of that blob
	// apart. A key's lock is chosen by its first two digits.
	locks [256]sync.Mutex
}

var _ media.Remote = (*Store)(nil)

// New returns the store. It asks the service nothing.
func New(c Config) (*Store, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Key == "" || c.Secret == "" {
		return nil, errors.New("cloudinary: it needs an API key and its secret")
	}
	if c.Patience == 0 {
		c.Patience = remote.Patience
	}
	if c.API == "" {
		c.API = "https://api.cloudinary.com"
	}
	if c.Delivery == "" {
		c.Delivery = "https://res.cloudinary.com"
	}
	prefix := c.Prefix + "blobs/"
	return &Store{
		api: api{
			base: strings.TrimRight(c.API, "/") + "/v1_1/" + url.PathEscape(c.Cloud), key: c.Key, secret: c.Secret,
			client: &http.Client{Transport: remote.NewTransport(c.Patience)},
		},
		delivery: strings.TrimRight(c.Delivery, "/") + "/" + url.PathEscape(c.Cloud) + "/raw/upload/" + prefix,
		prefix:   prefix, patience: c.Patience,
	}, nil
}

// Open implements [media.Blobs]. The blob is a [media.Ranger].
func (s *Store) Open(ctx context.Context, k media.Key) (media.Blob, media.BlobInfo, error) {
	if !k.Valid() {
		return nil, media.BlobInfo{}, errs.New(errs.NotFound, "There is no such file.")
	}
	info, err := s.stat(ctx, k)
	if err != nil {
		return nil, media.BlobInfo{}, fmt.Errorf("cloudinary: opening a blob: %w", err)
	}
	return s.At(k, info.Size), info, nil
}

// At implements [media.Remote].
func (s *Store) At(k media.Key, size int64) media.Ranger {
	fetch := func(ctx context.Context, from, n int64) (io.ReadCloser, error) { return s.fetch(ctx, k, from, n) }
	return remote.New(context.Background(), fetch, size, s.patience)
}

// fetch asks for n bytes of a blob, from where the public would get it: that is
// made for many requests, while the API allows but some hundreds an hour.
func (s *Store) fetch(ctx context.Context, k media.Key, from, n int64) (io.ReadCloser, error) {
	if !k.Valid() {
		return nil, errs.New(errs.NotFound, "There is no such file.")
	}
	wanted := fmt.Sprintf("bytes=%d-%d", from, from+n-1)
	answer, err := s.api.do(ctx, func() (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.delivery+string(k), nil)
		if err == nil {
			r.Header.Set("Range", wanted)
		}
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("cloudinary: reading a blob: %w", err)
	}
	part := answer.Header.Get("Content-Range")
	if answer.StatusCode != http.StatusPartialContent || !strings.HasPrefix(part, fmt.Sprintf("bytes %d-%d/", from, from+n-1)) {
		answer.Body.Close()
		return nil, fmt.Errorf("cloudinary: reading a blob: asked for %s, the service sends %d %q", wanted, answer.StatusCode, part)
	}
	return answer.Body, nil
}

// Put implements [media.Blobs].
func (s *Store) Put(ctx context.Context, staged *media.Staged) error {
	if !staged.Key.Valid() {
		return fmt.Errorf("cloudinary: putting a blob: %q is no key", staged.Key)
	}
	present, err := s.renew(ctx, staged)
	if err == nil && !present {
		err = s.upload(ctx, staged)
	}
	if err != nil {
		return fmt.Errorf("cloudinary: putting a blob: %w", err)
	}
	return nil
}

// renew notes the time of a blob if it is present. A blob of the wrong size,
// which only damage can have made, counts as absent.
func (s *Store) renew(ctx context.Context, staged *media.Staged) (present bool, err error) {
	defer s.lock(staged.Key)()
	var f file
	err = s.api.post(ctx, "raw/explicit", url.Values{
		"public_id": {s.prefix + string(staged.Key)}, "type": {"upload"}, "context": {putNow()},
	}, &f)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && f.Bytes == staged.Size, err
}

// stat asks the API what is stored under a valid key.
func (s *Store) stat(ctx context.Context, k media.Key) (media.BlobInfo, error) {
	var f file
	err := s.api.get(ctx, "resources/raw/upload/"+s.prefix+string(k), url.Values{"context": {"true"}}, &f)
	if err != nil {
		return media.BlobInfo{}, err
	}
	return media.BlobInfo{Key: k, Size: f.Bytes, ModTime: f.put()}, nil
}

// Delete implements [media.Blobs].
func (s *Store) Delete(ctx context.Context, k media.Key, notAfter time.Time) error {
	if !k.Valid() {
		return nil
	}
	defer s.lock(k)()
	info, err := s.stat(ctx, k)
	if err == nil && !info.ModTime.After(notAfter) {
		// The copies near the listeners go too.
		values := url.Values{"public_id": {s.prefix + string(k)}, "type": {"upload"}, "invalidate": {"true"}}
		err = s.api.post(ctx, "raw/destroy", values, &struct{}{})
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return fmt.Errorf("cloudinary: deleting a blob: %w", err)
	}
	return nil
}

// page is how many files the API lists at a time; it is the most that it does.
const page = 500

// List implements [media.Blobs].
func (s *Store) List(ctx context.Context, each func(media.BlobInfo) error) error {
	values := url.Values{"prefix": {s.prefix}, "max_results": {strconv.Itoa(page)}, "context": {"true"}}
	for {
		var list struct {
			Resources  []file `json:"resources"`
			NextCursor string `json:"next_cursor"`
		}
		if err := s.api.get(ctx, "resources/raw/upload", values, &list); err != nil {
			return fmt.Errorf("cloudinary: listing the blobs: %w", err)
		}
		for _, f := range list.Resources {
			k := media.Key(strings.TrimPrefix(f.PublicID, s.prefix))
			if !k.Valid() {
				continue
			}
			if err := each(media.BlobInfo{Key: k, Size: f.Bytes, ModTime: f.put()}); err != nil {
				return err
			}
		}
		if list.NextCursor == "" {
			return nil
		}
		values.Set("next_cursor", list.NextCursor)
	}
}

// Writable implements [media.Blobs] by asking whether the account answers: to
// write at every look would use up what the API allows.
func (s *Store) Writable(ctx context.Context) error {
	if err := s.api.get(ctx, "ping", nil, &struct{}{}); err != nil {
		return fmt.Errorf("cloudinary: %w", err)
	}
	return nil
}

// lock locks the key and returns the function that unlocks it.
func (s *Store) lock(k media.Key) (unlock func()) {
	first, _ := strconv.ParseUint(string(k[:2]), 16, 8) // a valid key has two digits
	m := &s.locks[first]
	m.Lock()
	return m.Unlock
}
