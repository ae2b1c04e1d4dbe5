// Package s3 stores blobs in a bucket of a server that speaks the protocol of
// Amazon S3.
//
// The bucket looks like this:
//
//	PREFIX/blobs/ab/abcd…   one object a blob, named by its key
//
// Objects of other names are left alone. A blob appears whole or not at all, as
// objects do; the server checks the hash of everything it is sent. It must be
// consistent: what was put is found by whoever asks next, as on Amazon's since
// 2020.
//
// The protocol: https://docs.aws.amazon.com/AmazonS3/latest/API.
package s3

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

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

// Store is a [media.Blobs] in a bucket. Several processes may share it. One
// moment is not guarded between them: if one puts a blob that nobody has used
// for longer than the collector's grace while another is just deleting it, the
// blob may go.
type Store struct {
	core      *minio.Core
	transport http.RoundTripper
	bucket    string
	prefix    string // of the names of blobs
	sse       encrypt.ServerSide
	patience  time.Duration
	addresses addresses

	// locks keep a Put that finds its blob present and a Delete of that blob
	// apart. A key's lock is chosen by its first two digits.
	locks [256]sync.Mutex
}

var (
	_ media.Remote = (*Store)(nil)
	_ media.Linker = (*Store)(nil)
)

// maxTries is how often a request is sent that the server does not answer well.
const maxTries = 3

// New returns the store. It asks the server nothing.
func New(c Config) (*Store, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Patience == 0 {
		c.Patience = remote.Patience
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	transport := remote.NewTransport(c.Patience)
	s := &Store{transport: remote.NewDirect(transport), bucket: c.Bucket, prefix: c.Prefix + "blobs/", patience: c.Patience}
	lookup := minio.BucketLookupDNS
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	keys := credentials.NewStaticV4(c.Key, c.Secret, "")
	if c.Key == "" {
		keys = credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.IAM{Client: &http.Client{Transport: transport}},
		})
	}
	host, secure := c.server()
	core, err := minio.NewCore(host, &minio.Options{
		Creds: keys, Secure: secure, Region: c.Region, BucketLookup: lookup, Transport: transport, MaxRetries: maxTries,
	})
	if err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	s.core = core
	switch c.Encryption {
	case "AES256":
		s.sse = encrypt.NewSSE()
	case "aws:kms":
		if s.sse, err = encrypt.NewSSEKMS(c.KMSKey, nil); err != nil {
			return nil, fmt.Errorf("s3: %w", err)
		}
	}
	return s, nil
}

// Open implements [media.Blobs]. The blob is a [media.Ranger].
func (s *Store) Open(ctx context.Context, k media.Key) (media.Blob, media.BlobInfo, error) {
	if !k.Valid() {
		return nil, media.BlobInfo{}, errs.New(errs.NotFound, "There is no such file.")
	}
	info, err := s.stat(ctx, k)
	if err != nil {
		return nil, media.BlobInfo{}, fmt.Errorf("s3: opening a blob: %w", err)
	}
	return s.At(k, info.Size), info, nil
}

// At implements [media.Remote].
func (s *Store) At(k media.Key, size int64) media.Ranger {
	fetch := func(ctx context.Context, from, n int64) (io.ReadCloser, error) { return s.fetch(ctx, k, from, n) }
	return remote.New(context.Background(), fetch, size, s.patience)
}

// stat asks what is stored under a valid key.
func (s *Store) stat(ctx context.Context, k media.Key) (media.BlobInfo, error) {
	o, err := s.core.StatObject(ctx, s.bucket, s.name(k), minio.StatObjectOptions{})
	if err != nil {
		return media.BlobInfo{}, classify(ctx, err)
	}
	info := media.BlobInfo{Key: k, Size: o.Size, ModTime: o.LastModified}
	if renewed, err := time.Parse(time.RFC3339, o.UserMetadata[renewedKey]); err == nil && renewed.After(info.ModTime) {
		info.ModTime = renewed // some servers keep the time of an object that is copied onto itself
	}
	return info, nil
}

// Delete implements [media.Blobs].
func (s *Store) Delete(ctx context.Context, k media.Key, notAfter time.Time) error {
	if !k.Valid() {
		return nil
	}
	defer s.lock(k)()
	info, err := s.stat(ctx, k)
	// The server's times are in whole seconds: it may have been put later in its.
	if err == nil && !info.ModTime.Add(time.Second).After(notAfter) {
		err = classify(ctx, s.core.RemoveObject(ctx, s.bucket, s.name(k), minio.RemoveObjectOptions{}))
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return fmt.Errorf("s3: deleting a blob: %w", err)
	}
	return nil
}

// List implements [media.Blobs]. The times are those of the objects, which can
// be older than those that Open gives, never younger.
func (s *Store) List(ctx context.Context, each func(media.BlobInfo) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	options := minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}
	for o := range s.core.ListObjectsIter(ctx, s.bucket, options) {
		if o.Err != nil {
			return fmt.Errorf("s3: listing the blobs: %w", classify(ctx, o.Err))
		}
		k := media.Key(o.Key[strings.LastIndexByte(o.Key, '/')+1:])
		if !k.Valid() || o.Key != s.name(k) {
			continue
		}
		if err := each(media.BlobInfo{Key: k, Size: o.Size, ModTime: o.LastModified}); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("s3: listing the blobs: %w", err)
	}
	return nil
}

// Link implements [media.Linker]. The server lets addresses live for a week at
// most.
func (s *Store) Link(ctx context.Context, k media.Key, contentType string, expires time.Time) (string, error) {
	if !k.Valid() {
		return "", errs.New(errs.NotFound, "There is no such file.")
	}
	answer := url.Values{
		"response-content-type":  {contentType},
		"response-cache-control": {"private, max-age=31536000, immutable"},
	}
	life := min(time.Until(expires), 7*24*time.Hour)
	u, err := s.core.PresignedGetObject(ctx, s.bucket, s.name(k), life, answer)
	if err != nil {
		return "", fmt.Errorf("s3: signing an address: %w", err)
	}
	return u.String(), nil
}

// name returns the name of the object of a valid key.
func (s *Store) name(k media.Key) string { return s.prefix + string(k[:2]) + "/" + string(k) }

// lock locks the key and returns the function that unlocks it.
func (s *Store) lock(k media.Key) (unlock func()) {
	first, _ := strconv.ParseUint(string(k[:2]), 16, 8) // a valid key has two digits
	m := &s.locks[first]
	m.Lock()
	return m.Unlock
}

// classify says what kind of error an answer of the server is.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		return remote.Unavailable(err) // no answer, or none that makes sense
	}
	cause := fmt.Errorf("%s (%s, %d)", answer.Message, answer.Code, answer.StatusCode)
	switch {
	case answer.Code == "NoSuchKey":
		return &errs.Error{Kind: errs.NotFound, Err: cause}
	case answer.StatusCode >= http.StatusInternalServerError, answer.StatusCode == http.StatusTooManyRequests,
		answer.StatusCode == http.StatusRequestTimeout, damaged[answer.Code]:
		return remote.Unavailable(cause)
	}
	return cause
}

// damaged are the codes that say that what was sent did not arrive as it was:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
var damaged = map[string]bool{
	"BadDigest": true, "IncompleteBody": true, "RequestTimeout": true, "XAmzContentSHA256Mismatch": true,
	"XAmzContentChecksumMismatch": true,
}
