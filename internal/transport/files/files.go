// Package files serves uploaded files: it answers GET and HEAD under /media/.
//
// It is the hottest path of the program. A file goes from the page cache to the
// socket by sendfile, which works only as long as no middleware wraps the
// [http.ResponseWriter] in one that hides ReadFrom: keep compression, sessions
// and timeouts away from it.
//
// The server needs a WriteTimeout: the handler replaces it for as long as it
// sends, and the server sets it anew with the next request of the connection.
// It should also have [ConnContext] as its ConnContext.
package files

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Names finds the file that a name stands for.
type Names interface {
	// BlobByName returns the file of that name, such as "album_images/cover.png".
	// It fails with errs.NotFound. A name may go away, but never stands for
	// other content later.
	BlobByName(ctx context.Context, name string) (File, error)
}

// Copies has copies of blobs on local disk.
type Copies interface {
	// Open returns the copy of a blob, if there is one.
	Open(k media.Key) (copied *os.File, ok bool)
	// Wanted says that there was none of a blob of so many bytes.
	Wanted(k media.Key, size int64)
}

// File is what a name stands for.
type File struct {
	Key         media.Key
	ContentType string    // such as "audio/mpeg"; what is no audio, video or raster image is sent as bytes
	Size        int64     // in bytes
	CreatedAt   time.Time // the answer's Last-Modified
}

// Config is what a Handler is made of. All fields are required but Sizes, Links
// and Copies, and Identifier if the addresses are not signed.
type Config struct {
	Names Names
	Blobs media.Blobs
	Sizes *sizes.Cache // nil: ?size= is answered with the original
	Links media.Linker // if there is one, originals are not sent but pointed to
	// Copies are near ones of what is in Blobs, if these are remote; nil for none.
	Copies Copies
	// URLs are those by which clients come: through a CDN or not, for everybody or
	// for whoever has a signed one.
	URLs       kit.MediaURLs
	Identifier kit.Identifier
	// Revision is a number that changes whenever a name may have been removed.
	Revision func() uint64
	Log      *slog.Logger
}

// Handler serves the files. See the package comment for what it asks of the
// server around it.
type Handler struct {
	sizes      *sizes.Cache
	links      media.Linker
	urls       kit.MediaURLs
	identifier kit.Identifier
	log        *slog.Logger
	shelf      *shelf
}

// New returns the handler of the paths under [kit.MediaPrefix].
func New(c Config) *Handler {
	return &Handler{
		sizes: c.Sizes, links: c.Links, urls: c.URLs, identifier: c.Identifier, log: c.Log,
		shelf: newShelf(c.Names, c.Blobs, c.Copies, c.Revision, time.Now),
	}
}

// ServeHTTP answers with the file, or with a JSON object with a "message".
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "Only GET and HEAD are allowed here.")
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, kit.MediaPrefix)
	if !ok || !validName(name) {
		refuse(w, http.StatusNotFound, notFound)
		return
	}
	keeping, err := h.admit(r, name)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	file, err := h.shelf.take(r.Context(), name)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer h.shelf.give(file)

	size, ok := wantedSize(r, file.ContentType)
	if !ok {
		refuse(w, http.StatusBadRequest, "The size must be a whole number of pixels, at least 1.")
		return
	}
	if size > 0 && h.sizes != nil {
		image, err := h.sizes.Open(r.Context(), file.Key, size)
		if err == nil {
			defer image.Close()
			etag := string(file.Key) + "-" + strconv.Itoa(size)
			h.send(w, r, answer{
				content: image.File, size: image.Bytes, modified: file.CreatedAt, keeping: keeping,
				header: describe(image.ContentType, etag, file.CreatedAt),
			})
			return
		}
		if !errs.Is(err, errs.Invalid) {
			h.fail(w, r, err)
			return
		}
		// What cannot be resized is sent as it is.
	}
	if h.links != nil && r.Method == http.MethodGet { // a link is for GET alone
		h.redirect(w, r, file.File, keeping)
		return
	}
	h.send(w, r, answer{content: file.blob, size: file.size, modified: file.CreatedAt, keeping: keeping, header: file.header})
}

// send answers with a file, or says why it cannot be had.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, a answer) {
	err := send(w, r, a)
	if err == nil {
		return
	}
	for _, name := range [...]string{"Accept-Ranges", "Content-Range", "Etag", "Last-Modified"} {
		w.Header().Del(name) // what was said of the file is not so of the refusal
	}
	h.fail(w, r, err)
}

// wantedSize returns the size that the query asks for of an image, 0 for the
// original, and false if it makes no sense.
func wantedSize(r *http.Request, contentType string) (int, bool) {
	if r.URL.RawQuery == "" || !strings.HasPrefix(safeType(contentType), "image/") {
		return 0, true
	}
	values, asked := r.URL.Query()["size"]
	if !asked {
		return 0, true
	}
	n, err := strconv.Atoi(values[0])
	if err != nil || n < 1 {
		return 0, false
	}
	size, _ := sizes.Snap(n)
	return size, true
}

// safeType returns a media type that a browser does not run: types of audio,
// video and raster images as they are, and plain bytes for anything else.
func safeType(contentType string) string {
	kind, subtype, _ := strings.Cut(strings.ToLower(contentType), "/")
	switch kind {
	case "audio", "video", "image":
		if !strings.Contains(subtype, "xml") {
			return contentType
		}
	}
	return "application/octet-stream"
}
