package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestRewrite(t *testing.T) {
	r := newRig(t, nil)
	for range 2 { // the second time by a new fetcher
		for _, tt := range []struct {
			path string
			kind transfer.MediaKind
			want string
		}{
			{"/img.jpg", transfer.UserImage, "user_images/img.jpg"},
			{"/cover.png?w=1", transfer.AlbumImage, "album_images/cover.png"},
			{"/img.webp", transfer.SongImage, "song_images/img.webp"},
			{"/track.mp3", transfer.SongAudio, "songs/track.mp3"},
		} {
			for range 2 {
				name, err := r.Rewrite(t.Context(), r.server.URL+tt.path, tt.kind)
				if err != nil || name != tt.want {
					t.Fatalf("%s: %q, %v", tt.path, name, err)
				}
			}
			path, _, _ := strings.Cut(tt.path[1:], "?")
			if !bytes.Equal(r.content(t, tt.want), world.Fixtures()[path]) {
				t.Errorf("%s is another content", tt.want)
			}
		}
		r.renew(t)
	}
	if n := len(r.requests()); n != 4 {
		t.Errorf("%d requests, want 4", n)
	}
	_, err := r.Rewrite(t.Context(), r.server.URL+"/track.mp3", transfer.SongImage)
	if !errs.Is(err, errs.Invalid) || len(r.requests()) != 4 {
		t.Errorf("audio as an image: error %v, %d requests", err, len(r.requests()))
	}
}

func TestRewriteAtOnce(t *testing.T) {
	r := newRig(t, nil)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			kind := []transfer.MediaKind{transfer.SongImage, transfer.AlbumImage}[i%2]
			if _, err := r.Rewrite(t.Context(), r.server.URL+"/cover.png", kind); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := len(r.requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// What cannot be brought in says why; what may pass is tried again.
func TestRefused(t *testing.T) {
	large := bytes.Repeat([]byte("x"), imageLimit+1)
	fixture := func(name string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(world.Fixtures()[name]) }
	}
	status := func(code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	var before int
	var answer func(http.ResponseWriter, *http.Request)
	r := newRig(t, func(w http.ResponseWriter, r *http.Request, _ int) { answer(w, r) })
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		kind   transfer.MediaKind
		want   errs.Kind
		says   string
		asks   int
	}{
		{"404", status(404), transfer.SongImage, errs.NotFound, "404 Not Found", 1},
		{"403", status(403), transfer.SongImage, errs.Forbidden, "403 Forbidden", 1},
		{"400", status(400), transfer.SongImage, errs.Invalid, "400 Bad Request", 1},
		{"204", status(204), transfer.SongImage, errs.Invalid, "204 No Content", 1},
		{"206", status(206), transfer.SongImage, errs.Invalid, "206", 1},
		{"500", status(500), transfer.SongImage, errs.Unavailable, "500 Internal Server Error", 4},
		{"429", status(429), transfer.SongImage, errs.Unavailable, "429", 4},
		{"HTML", fixture("page.html"), transfer.SongImage, errs.Invalid, "no whole song image; it looks like text/html", 1},
		{"HTML as audio", fixture("page.html"), transfer.SongAudio, errs.Invalid, "looks like text/html", 1},
		{"image as audio", fixture("cover.png"), transfer.SongAudio, errs.Invalid, "looks like image/png", 1},
		{"half an image", fixture("trunc.png"), transfer.UserImage, errs.Invalid, "no whole user image", 1},
		{"a bomb", fixture("bomb.png"), transfer.UserImage, errs.Invalid, "image", 1},
		{"nothing", fixture("empty"), transfer.AlbumImage, errs.Invalid, "what came is empty", 1},
		{"too much", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(large) }, transfer.AlbumImage, errs.TooLarge, "larger than 10000 bytes", 1},
		{"too much, by parts", func(w http.ResponseWriter, _ *http.Request) {
			for range 3 {
				_, _ = w.Write(large[:imageLimit/2])
				_ = http.NewResponseController(w).Flush()
			}
		}, transfer.AlbumImage, errs.TooLarge, "larger than 10000 bytes", 1},
		{"endless redirects", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}, transfer.AlbumImage, errs.Invalid, "redirected more than 5 times", 6},
		{"redirect to a file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, transfer.AlbumImage, errs.Invalid, "no http or https address", 1},
		{"connection that breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			transfer.AlbumImage, errs.Unavailable, "the connection failed", 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer, before = tt.answer, len(r.requests())
			name, err := r.Rewrite(t.Context(), r.server.URL+"/a.png", tt.kind)
			if name != "" || !errs.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q, error %v, want %v: %s", name, err, tt.want, tt.says)
			}
			// The transport of net/http itself asks again if a connection was of no use.
			if n := len(r.requests()) - before; n != tt.asks && tt.name != "connection that breaks" {
				t.Errorf("%d requests, want %d", n, tt.asks)
			}
		})
	}
}

func TestNoAddress(t *testing.T) {
	r := newRig(t, nil)
	for _, address := range []string{
		"", "/cover-images/1.jpg", "cover.png", "ftp://example.org/a.png", "file:///etc/passwd", "http://", "http://%zz/", "https:a.png",
		"http://example.org/" + strings.Repeat("x", 10_000),
	} {
		if _, err := r.Rewrite(t.Context(), address, transfer.SongImage); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.40q: error %v", address, err)
		}
	}
}

// Without leave nothing of this machine is asked, whatever it is called.
func TestPrivateIsRefused(t *testing.T) {
	r := newRig(t, nil)
	r.config.Private = false
	r.renew(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(r.server.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		_, err := r.Rewrite(t.Context(), "http://"+host+":"+port+"/cover.png", transfer.SongImage)
		if !errs.Is(err, errs.Forbidden) || !strings.Contains(err.Error(), "no public address") {
			t.Errorf("%s: error %v", host, err)
		}
	}
	if n := len(r.requests()); n != 0 {
		t.Errorf("%d requests came through", n)
	}
}

func TestStopping(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, func(http.ResponseWriter, *http.Request, int) {
		cancel()
		panic(http.ErrAbortHandler)
	})
	if _, err := r.Rewrite(ctx, r.server.URL, transfer.SongImage); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
