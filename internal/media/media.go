// Package media keeps uploaded files: it takes them in, stores each content
// once, and hands them out again.
//
// An upload goes through two places. A [Stage] receives it on local disk, where
// the callers look at it and decide whether it is wanted; a [Blobs] then takes
// it in under the hash of its content, its [Key]. Two uploads of one file share
// a blob. The names by which the world asks for files live in the database and
// each point to a blob; package media knows nothing of names.
//
// Package local stores blobs in a directory, packages s3 and cloudinary store
// them elsewhere and stand on package remote, package copies keeps near copies of
// what is there, package mediatest holds the tests that every storage must pass,
// package picture reads and resizes images, and package sizes caches what it made.
package media

import (
	"context"
	"io"
	"time"
)

// Key names a blob: the SHA-256 of its content in lower-case hexadecimal, 64
// characters.
type Key string

// keyLength is the number of characters of a Key.
const keyLength = 64

// Valid reports whether k has the form of a key. It says nothing about whether
// such a blob is stored. A valid key is safe as a file name.
func (k Key) Valid() bool {
	if len(k) != keyLength {
		return false
	}
	for i := range len(k) {
		c := k[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Blob is an open blob. Local storage gives an [os.File], so that a server can
// let the kernel send it. Whoever opened it closes it.
type Blob interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// BlobInfo describes a stored blob.
type BlobInfo struct {
	Key     Key
	Size    int64     // in bytes
	ModTime time.Time // when it was last put
}

// Blobs is a storage of blobs. All methods may be called concurrently.
type Blobs interface {
	// Put takes a staged upload into the store and returns once it is durable.
	// If the content is stored already, only its ModTime is renewed. Putting the
	// same upload again is harmless, and so is discarding it afterwards.
	Put(ctx context.Context, s *Staged) error

	// Open opens a blob for reading. It fails with errs.NotFound if there is
	// none of that key, or the key is not valid.
	Open(ctx context.Context, k Key) (Blob, BlobInfo, error)

	// Delete removes a blob unless it was put, or put again, after notAfter: a
	// collector that found a blob unused at that moment cannot take it from
	// somebody who has uploaded it since. Blobs that are open stay readable
	// where the system allows that. A blob that is absent is no error.
	Delete(ctx context.Context, k Key, notAfter time.Time) error

	// List calls each for every blob, in no particular order, and stops at the
	// first error, which it returns. Blobs that come or go meanwhile may be
	// missed.
	List(ctx context.Context, each func(BlobInfo) error) error

	// Writable reports, by trying, why nothing can be put at the moment, or nil.
	Writable(ctx context.Context) error
}

// Remote is a storage that is asked over a network, so that asking whether a
// blob is there costs as much as fetching the part of it that is wanted.
type Remote interface {
	Blobs

	// At returns a blob whose size in bytes is known, without asking the storage:
	// if there is none of the key, Begin and reading fail with errs.NotFound. It
	// holds no connection until it is read.
	At(k Key, size int64) Ranger
}

// Ranger is a blob of which any part can be asked for by itself.
type Ranger interface {
	Blob

	// Begin moves the offset to from and asks for the n bytes there, at least 1.
	// It returns once the storage has agreed to send them, so that what is wrong
	// is known before anything is read. Reading them is bound to ctx.
	//
	// It fails with errs.NotFound, and with errs.Unavailable if the storage does
	// not answer at the moment.
	Begin(ctx context.Context, from, n int64) error
}

// Linker is a storage from which others may fetch a blob themselves.
type Linker interface {
	// Link returns an address from which anybody may fetch the blob with GET, as
	// that type of content, until it expires. It does not ask the storage.
	Link(ctx context.Context, k Key, contentType string, expires time.Time) (string, error)
}
