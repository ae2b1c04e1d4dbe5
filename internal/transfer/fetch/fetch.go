// Package fetch brings in files that a library refers to by address: it fetches
// them over HTTP, checks them as uploads are checked, and gives them names here.
//
// What a library says its files are at is somebody else's word, so nothing of
// our own network is asked for (see public), no answer is longer than an upload
// may be, and none may take for ever.
package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Files takes the files: file.Service.
type Files interface {
	AcceptImage(ctx context.Context, up file.Upload) (file.Accepted, error)
	AcceptAudio(ctx context.Context, up file.Upload) (file.Accepted, error)
	Name(ctx context.Context, a file.Accepted, folder file.Folder) (string, error)
}

// Memory keeps what was fetched, beyond this run.
type Memory interface {
	// TransferredMedia returns the name of what was fetched from an address; ok is
	// false if nothing was.
	TransferredMedia(ctx context.Context, url string) (name string, ok bool, err error)
	PutTransferredMedia(ctx context.Context, url, name string) error
	InTx(ctx context.Context, do func(ctx context.Context) error) error
}

// Config are the parts of a Fetcher, and its limits.
type Config struct {
	Files  Files
	Memory Memory
	Stage  *media.Stage
	// ImageLimit and AudioLimit are the greatest sizes of files, in bytes.
	ImageLimit, AudioLimit int64
	// Private lets addresses be of this machine and of private networks.
	Private bool
	// Patience is how long an answer may make no progress; 0 is half a minute.
	Patience time.Duration
	// Pause is how long to wait before the second try, and double before each
	// further one; 0 is a second.
	Pause time.Duration
}

const (
	defaultPatience = 30 * time.Second
	defaultPause    = time.Second

	// retries is how often something is asked for again.
	retries = 3

	// maxAddress is the greatest length of an address, in bytes: those that were
	// fetched are found by an index, which takes no more on PostgreSQL.
	maxAddress = 2500
)

// Fetcher implements [transfer.Media]. It is safe for concurrent use, and is
// closed in the end.
type Fetcher struct {
	c       Config
	client  *http.Client
	flights singleflight.Group
}

var _ transfer.Media = (*Fetcher)(nil)

// New returns a fetcher.
func New(c Config) *Fetcher {
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.Pause == 0 {
		c.Pause = defaultPause
	}
	return &Fetcher{c: c, client: newClient(c.Private)}
}

// Close lets go of the connections that are open.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

// Rewrite implements [transfer.Media]: it returns the name of what an address
// gives, fetched now or at any time before. Errors: Invalid for what is no
// address, or for content that is not of the kind; TooLarge; NotFound and
// Forbidden if the server says so, and Forbidden for an address of a private
// network; Unavailable if the server did not give it in four tries.
func (f *Fetcher) Rewrite(ctx context.Context, address string, kind transfer.MediaKind) (string, error) {
	// Several records may refer to one address.
	flight := address
	if kind == transfer.SongAudio {
		flight = "audio " + address
	}
	name, err, _ := f.flights.Do(flight, func() (any, error) {
		name, err := f.Known(ctx, address, kind)
		if name != "" || err != nil {
			return name, err
		}
		return f.bringIn(ctx, address, kind)
	})
	if err != nil {
		return "", err
	}
	return name.(string), nil
}

// Known implements [transfer.Media].
func (f *Fetcher) Known(ctx context.Context, address string, kind transfer.MediaKind) (string, error) {
	name, ok, err := f.c.Memory.TransferredMedia(ctx, address)
	if err != nil || !ok {
		return "", err
	}
	wasAudio := strings.HasPrefix(name, string(file.SongAudio)+"/")
	if wasAudio != (kind == transfer.SongAudio) {
		return "", errs.New(errs.Invalid, "it is no %s, but was brought in as %s", kind, name)
	}
	return name, nil
}

// parse reads an address.
func parse(address string) (*url.URL, error) {
	if len(address) > maxAddress {
		return nil, errs.New(errs.Invalid, "the address is longer than %d bytes", maxAddress)
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, errs.New(errs.Invalid, "it is no address")
	}
	return at, checkURL(at)
}

func checkURL(at *url.URL) error {
	if at.Host == "" || (at.Scheme != "http" && at.Scheme != "https") {
		return errs.New(errs.Invalid, "%s is no http or https address, and cannot be fetched", at.Redacted())
	}
	return nil
}

// bringIn fetches an address and names what came.
func (f *Fetcher) bringIn(ctx context.Context, address string, kind transfer.MediaKind) (string, error) {
	at, err := parse(address)
	if err != nil {
		return "", err
	}
	limit := f.c.ImageLimit
	if kind == transfer.SongAudio {
		limit = f.c.AudioLimit
	}
	staged, err := f.receive(ctx, address, limit)
	if err != nil {
		return "", err
	}
	defer staged.Discard()
	accepted, err := f.accept(ctx, file.Upload{Staged: staged, Filename: path.Base(at.Path)}, kind)
	if err != nil {
		return "", err
	}
	var name string
	err = f.c.Memory.InTx(ctx, func(ctx context.Context) error {
		if name, err = f.c.Files.Name(ctx, accepted, folderOf(kind)); err != nil {
			return err
		}
		return f.c.Memory.PutTransferredMedia(ctx, address, name)
	})
	if err != nil {
		return "", fmt.Errorf("fetch: naming %s: %w", address, err)
	}
	return name, nil
}

// accept checks the content and keeps it.
func (f *Fetcher) accept(ctx context.Context, up file.Upload, kind transfer.MediaKind) (accepted file.Accepted, err error) {
	if kind == transfer.SongAudio {
		accepted, err = f.c.Files.AcceptAudio(ctx, up)
	} else {
		accepted, err = f.c.Files.AcceptImage(ctx, up)
	}
	switch {
	case err == nil || !errs.Is(err, errs.Invalid):
		return accepted, err
	case up.Staged.Size == 0:
		return accepted, &errs.Error{Kind: errs.Invalid, Message: "what came is empty", Err: err}
	}
	looks, _, _ := strings.Cut(http.DetectContentType(up.Staged.Head()), ";")
	return accepted, &errs.Error{Kind: errs.Invalid, Message: fmt.Sprintf("what came is no whole %s; it looks like %s", kind, looks), Err: err}
}

// folderOf returns the folder of files of a kind.
func folderOf(kind transfer.MediaKind) file.Folder {
	switch kind {
	case transfer.UserImage:
		return file.UserImages
	case transfer.AlbumImage:
		return file.AlbumImages
	case transfer.SongImage:
		return file.SongImages
	default:
		return file.SongAudio
	}
}
