package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

const (
	// partSize is how much is sent in one request, in bytes: at most 10,000 parts
	// make an object, so that it is of 80 GiB at most.
	partSize = 8 << 20

	// parallelParts of one upload are sent at a time.
	parallelParts = 4

	// maxCopy is how large an object the server copies at once, in bytes.
	maxCopy = 5 << 30

	contentType = "application/octet-stream"

	// renewedKey is the metadata that tells when a blob was last put again.
	renewedKey = "Renewed"
)

// Put implements [media.Blobs].
func (s *Store) Put(ctx context.Context, staged *media.Staged) error {
	if !staged.Key.Valid() {
		return fmt.Errorf("s3: putting a blob: %q is no key", staged.Key)
	}
	present, err := s.renew(ctx, staged)
	if err == nil && !present {
		if staged.Size > partSize {
			err = s.putParts(ctx, staged)
		} else {
			err = s.putWhole(ctx, staged)
		}
	}
	if err != nil {
		return fmt.Errorf("s3: putting a blob: %w", err)
	}
	return nil
}

// renew copies the object onto itself if it is present, which gives it a new
// time. One of the wrong size, which only damage can have made, counts as
// absent.
func (s *Store) renew(ctx context.Context, staged *media.Staged) (present bool, err error) {
	defer s.lock(staged.Key)()
	info, err := s.stat(ctx, staged.Key)
	if errs.Is(err, errs.NotFound) || err == nil && (info.Size != staged.Size || info.Size > maxCopy) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	name := s.name(staged.Key)
	_, err = s.core.Client.CopyObject(ctx, minio.CopyDestOptions{
		Bucket: s.bucket, Object: name, Encryption: s.sse, ContentType: contentType,
		ReplaceMetadata: true, UserMetadata: map[string]string{renewedKey: time.Now().UTC().Format(time.RFC3339)},
	}, minio.CopySrcOptions{Bucket: s.bucket, Object: name})
	err = classify(ctx, err)
	if errs.Is(err, errs.NotFound) {
		return false, nil // another process has deleted it since
	}
	return err == nil, err
}

// options are those of every upload. The library is told not to hash what it
// sends, for it is told the hash.
func (s *Store) options() minio.PutObjectOptions {
	return minio.PutObjectOptions{ContentType: contentType, ServerSideEncryption: s.sse, DisableContentSha256: true}
}

// putWhole sends the upload in one request. The server compares it with its key.
func (s *Store) putWhole(ctx context.Context, staged *media.Staged) error {
	content := io.NewSectionReader(staged, 0, staged.Size)
	_, err := s.core.PutObject(ctx, s.bucket, s.name(staged.Key), content, staged.Size, "", string(staged.Key), s.options())
	return classify(ctx, err)
}

// putParts sends the upload in parts, which become an object when all are
// there.
func (s *Store) putParts(ctx context.Context, staged *media.Staged) (err error) {
	name := s.name(staged.Key)
	id, err := s.core.NewMultipartUpload(ctx, s.bucket, name, s.options())
	if err != nil {
		return classify(ctx, err)
	}
	parts, err := s.sendParts(ctx, staged, id)
	if err == nil {
		_, err = s.core.CompleteMultipartUpload(ctx, s.bucket, name, id, parts, minio.PutObjectOptions{})
		err = classify(ctx, err)
	}
	if err != nil {
		// The parts would be kept, and charged for, until somebody removes them.
		abort, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
		defer cancel()
		if failed := s.core.AbortMultipartUpload(abort, s.bucket, name, id); failed != nil {
			err = errors.Join(err, fmt.Errorf("its parts stay behind: %w", failed))
		}
	}
	return err
}

// sendParts sends all parts of an upload, several at a time, each with its
// hash.
func (s *Store) sendParts(ctx context.Context, staged *media.Staged, id string) ([]minio.CompletePart, error) {
	parts := make([]minio.CompletePart, (staged.Size+partSize-1)/partSize)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelParts)
	for i := range parts {
		group.Go(func() error {
			from := int64(i) * partSize
			content := io.NewSectionReader(staged, from, min(partSize, staged.Size-from))
			hash := sha256.New()
			if _, err := io.Copy(hash, content); err != nil {
				return fmt.Errorf("reading the staged file: %w", err)
			}
			if _, err := content.Seek(0, io.SeekStart); err != nil {
				return fmt.Errorf("reading the staged file: %w", err)
			}
			part, err := s.core.PutObjectPart(ctx, s.bucket, s.name(staged.Key), id, i+1, content, content.Size(),
				minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(hash.Sum(nil)), SSE: s.sse, DisableContentSha256: true})
			if err != nil {
				return classify(ctx, err)
			}
			parts[i] = minio.CompletePart{PartNumber: part.PartNumber, ETag: part.ETag}
			return nil
		})
	}
	return parts, group.Wait()
}

// writableTest is what Writable writes.
const writableTest = "This object may be removed.\n"

// Writable implements [media.Blobs] by writing a small object.
func (s *Store) Writable(ctx context.Context) error {
	sum := sha256.Sum256([]byte(writableTest))
	name := s.prefix + "writable"
	_, err := s.core.PutObject(ctx, s.bucket, name, strings.NewReader(writableTest), int64(len(writableTest)), "", hex.EncodeToString(sum[:]), s.options())
	if err == nil {
		err = s.core.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{})
	}
	if err != nil {
		return fmt.Errorf("s3: writing to the bucket: %w", classify(ctx, err))
	}
	return nil
}
