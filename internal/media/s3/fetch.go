package s3

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

const (
	// signedFor is how long the addresses hold that the store reads from, and
	// usedFor how long they are used. The rest is for clocks that differ.
	signedFor = 2 * time.Hour
	usedFor   = time.Hour

	maxAddresses = 4096

	// maxError is how much of an answer that is an error is read, in bytes.
	maxError = 16 << 10
)

// addresses remembers signed addresses of blobs: players ask for a song in many
// parts, and to sign a request takes longer than all else about it.
type addresses struct {
	mu    sync.Mutex
	known map[media.Key]address
}

// address is where a blob can be fetched without a key for a while.
type address struct {
	url   *url.URL
	until time.Time
}

// get returns an address that may be used at that time.
func (a *addresses) get(k media.Key, now time.Time) (*url.URL, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, ok := a.known[k]
	return found.url, ok && now.Before(found.until)
}

// put remembers an address.
func (a *addresses) put(k media.Key, u *url.URL, until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known == nil || len(a.known) >= maxAddresses {
		a.known = map[media.Key]address{} // they are soon made again
	}
	a.known[k] = address{u, until}
}

// forget drops an address.
func (a *addresses) forget(k media.Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.known, k)
}

// fetch asks for n bytes of a blob.
func (s *Store) fetch(ctx context.Context, k media.Key, from, n int64) (body io.ReadCloser, err error) {
	if !k.Valid() {
		return nil, errs.New(errs.NotFound, "There is no such file.")
	}
	err = remote.Retry(ctx, func() error {
		body, err = s.fetchOnce(ctx, k, from, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("s3: reading a blob: %w", err)
	}
	return body, nil
}

func (s *Store) fetchOnce(ctx context.Context, k media.Key, from, n int64) (io.ReadCloser, error) {
	u, err := s.address(ctx, k)
	if err != nil {
		return nil, err
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{
		"Range": {fmt.Sprintf("bytes=%d-%d", from, from+n-1)},
	}}
	answer, err := s.transport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, classify(ctx, err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		defer answer.Body.Close()
		if answer.StatusCode == http.StatusForbidden {
			s.addresses.forget(k) // the key that it was signed with may have expired
		}
		return nil, classify(ctx, refusal(answer))
	}
	part := answer.Header.Get("Content-Range")
	if !strings.HasPrefix(part, fmt.Sprintf("bytes %d-%d/", from, from+n-1)) {
		answer.Body.Close()
		return nil, fmt.Errorf("asked for %d bytes from %d, the server sends %q", n, from, part)
	}
	return answer.Body, nil
}

// address returns where a blob can be fetched.
func (s *Store) address(ctx context.Context, k media.Key) (*url.URL, error) {
	now := time.Now()
	if u, ok := s.addresses.get(k, now); ok {
		return u, nil
	}
	u, err := s.core.PresignedGetObject(ctx, s.bucket, s.name(k), signedFor, nil)
	if err != nil {
		return nil, fmt.Errorf("signing an address: %w", classify(ctx, err))
	}
	s.addresses.put(k, u, now.Add(usedFor))
	return u, nil
}

// refusal reads an answer that is an error:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
func refusal(answer *http.Response) error {
	e := minio.ErrorResponse{Code: answer.Status}
	// What is no such document says no more than the status.
	_ = xml.NewDecoder(io.LimitReader(answer.Body, maxError)).Decode(&e)
	e.StatusCode = answer.StatusCode
	return e
}
