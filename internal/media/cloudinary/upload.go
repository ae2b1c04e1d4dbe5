package cloudinary

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/antiphon-music/antiphon/internal/media"
)

// chunkSize is how much of a file goes into one request, in bytes. The service
// takes at most 100 MB at once, and at least 5 MB if more follows.
const chunkSize = 20 << 20

// upload sends a blob, in chunks if it is large.
func (s *Store) upload(ctx context.Context, staged *media.Staged) error {
	values := url.Values{
		"public_id": {s.prefix + string(staged.Key)}, "type": {"upload"}, "overwrite": {"true"},
		"invalidate": {"true"}, // somebody may have been told that there is none
		"context":    {putNow()},
	}
	id := rand.Text()
	var f file
	for from := int64(0); from == 0 || from < staged.Size; from += chunkSize {
		n := min(chunkSize, staged.Size-from)
		header := http.Header{}
		if staged.Size > chunkSize {
			header.Set("X-Unique-Upload-Id", id)
			header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+n-1, staged.Size))
		}
		if err := s.api.send(ctx, values, header, io.NewSectionReader(staged, from, n), &f); err != nil {
			return err
		}
	}
	if f.Bytes != staged.Size {
		return fmt.Errorf("the service has %d bytes of %d", f.Bytes, staged.Size)
	}
	return nil
}

// send uploads a chunk. It is not held in memory.
func (a api) send(ctx context.Context, values url.Values, header http.Header, chunk *io.SectionReader, into any) error {
	answer, err := a.do(ctx, func() (*http.Request, error) {
		before, after, contentType, err := form(values)
		if err != nil {
			return nil, err
		}
		if _, err := chunk.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		body := io.MultiReader(bytes.NewReader(before), chunk, bytes.NewReader(after))
		r, err := a.request(ctx, http.MethodPost, "raw/upload", body)
		if err != nil {
			return nil, err
		}
		r.ContentLength = int64(len(before)) + chunk.Size() + int64(len(after))
		maps.Copy(r.Header, header)
		r.Header.Set("Content-Type", contentType)
		return r, nil
	})
	if err != nil {
		return err
	}
	return decode(answer, into)
}

// form returns what comes before the content of a file and after it, in a form
// with values, and its type.
func form(values url.Values) (before, after []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range values {
		if err := w.WriteField(name, value[0]); err != nil {
			return nil, nil, "", err
		}
	}
	if _, err := w.CreateFormFile("file", "blob"); err != nil {
		return nil, nil, "", err
	}
	middle := b.Len()
	if err := w.Close(); err != nil {
		return nil, nil, "", err
	}
	return b.Bytes()[:middle], b.Bytes()[middle:], w.FormDataContentType(), nil
}
