package fetch_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// half is how much of long a broken answer has.
const half = 150_000

// begin sends the first half of an answer and breaks the connection.
func begin(w http.ResponseWriter) {
	w.Header().Set("Content-Length", fmt.Sprint(len(long)))
	_, _ = w.Write(long[:half])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// A download that broke goes on where it was, if the server takes that, and
// begins anew if it does not.
func TestResume(t *testing.T) {
	other := append(bytes.Clone(long), long...)
	var stamp time.Time
	serve := func(w http.ResponseWriter, r *http.Request, tag string, content []byte) {
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "a.mp3", stamp, bytes.NewReader(content))
	}
	for _, tt := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request, before int)
		ranged string // what the second request asks for
		want   []byte
		asks   int
	}{
		{"by ranges", func(w http.ResponseWriter, r *http.Request, before int) {
			if before == 0 {
				w.Header().Set("ETag", `"1"`)
				begin(w)
			}
			serve(w, r, `"1"`, long)
		}, "bytes=150000-", long, 2},
		{"by the time of the last change", func(w http.ResponseWriter, r *http.Request, before int) {
			w.Header().Set("Last-Modified", "Mon, 06 May 2024 07:08:09 GMT")
			if before == 0 {
				begin(w)
			}
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", half, len(long)-1, len(long)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(long[half:])
		}, "bytes=150000-", long, 2},
		{"of another content", func(w http.ResponseWriter, r *http.Request, before int) {
			if before == 0 {
				w.Header().Set("ETag", `"1"`)
				begin(w)
			}
			serve(w, r, `"2"`, other)
		}, "bytes=150000-", other, 2},
		{"without ranges", func(w http.ResponseWriter, _ *http.Request, before int) {
			w.Header().Set("ETag", `"1"`)
			if before == 0 {
				begin(w)
			}
			_, _ = w.Write(long)
		}, "bytes=150000-", long, 2},
		{"with a weak tag", func(w http.ResponseWriter, r *http.Request, before int) {
			if before == 0 {
				w.Header().Set("ETag", `W/"1"`)
				begin(w)
			}
			serve(w, r, `W/"1"`, long)
		}, "", long, 2},
		{"of another part", func(w http.ResponseWriter, r *http.Request, before int) {
			w.Header().Set("ETag", `"1"`)
			switch before {
			case 0:
				begin(w)
			case 1:
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 5-%d/%d", len(long)-1, len(long)))
				w.WriteHeader(http.StatusPartialContent)
			default:
				_, _ = w.Write(long)
			}
		}, "bytes=150000-", long, 3},
		{"of a part that is refused", func(w http.ResponseWriter, _ *http.Request, before int) {
			w.Header().Set("ETag", `"1"`)
			switch before {
			case 0:
				begin(w)
			case 1:
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			default:
				_, _ = w.Write(long)
			}
		}, "bytes=150000-", long, 3},
		{"after troubles", func(w http.ResponseWriter, r *http.Request, before int) {
			w.Header().Set("ETag", `"1"`)
			switch before {
			case 0:
				begin(w)
			case 1, 2:
				w.WriteHeader(http.StatusServiceUnavailable)
			default:
				serve(w, r, `"1"`, long)
			}
		}, "bytes=150000-", long, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.answer)
			name, err := r.Rewrite(t.Context(), r.server.URL+"/a.mp3", transfer.SongAudio)
			check(t, err)
			if !bytes.Equal(r.content(t, name), tt.want) {
				t.Error("the content is another")
			}
			requests := r.requests()
			if len(requests) != tt.asks || requests[1].Header.Get("Range") != tt.ranged {
				t.Errorf("%d requests, the second for %q", len(requests), requests[1].Header.Get("Range"))
			}
		})
	}
}

// It does not go on for ever.
func TestAlwaysBroken(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request, _ int) { begin(w) })
	_, err := r.Rewrite(t.Context(), r.server.URL+"/a.mp3", transfer.SongAudio)
	if !errs.Is(err, errs.Unavailable) || len(r.requests()) != 4 {
		t.Errorf("error %v after %d requests", err, len(r.requests()))
	}
}

// A server that says nothing any more is left, and asked again.
func TestStalled(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, r *http.Request, before int) {
		w.Header().Set("ETag", `"1"`)
		switch before {
		case 0: // no answer at all
			<-r.Context().Done()
		case 1: // half an answer
			w.Header().Set("Content-Length", fmt.Sprint(len(long)))
			_, _ = w.Write(long[:half])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		default:
			http.ServeContent(w, r, "a.mp3", time.Time{}, bytes.NewReader(long))
		}
	})
	r.config.Patience = 300 * time.Millisecond
	r.renew(t)
	name, err := r.Rewrite(t.Context(), r.server.URL+"/a.mp3", transfer.SongAudio)
	check(t, err)
	if !bytes.Equal(r.content(t, name), long) {
		t.Error("the content is another")
	}
}
