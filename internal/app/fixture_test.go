package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// fixture is a program over a fresh database, with an admin and a user who have
// keys.
type fixture struct {
	*App
	t                 *testing.T
	adminKey, userKey string
}

func newFixture(t *testing.T, edit func(*config.Config)) *fixture {
	t.Helper()
	c := testConfig(storetest.URL(t, "sqlite"), t.TempDir())
	if edit != nil {
		edit(c)
	}
	a, err := New(context.Background(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() }) // a test may have closed it
	f := &fixture{App: a, t: t}
	f.adminKey, f.userKey = f.newKey("admin@example.org", account.Administrator), f.newKey("user@example.org", account.Member)
	return f
}

func (f *fixture) newKey(email string, role account.Role) string {
	f.t.Helper()
	ctx := context.Background()
	u, err := f.Accounts.Create(ctx, account.Operator(), account.NewUser{
		Email: email, FullName: "Somebody", Password: crashPassword, Verified: true, Role: role,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	key, err := f.Accounts.IssueToken(ctx, u.ID, "test")
	if err != nil {
		f.t.Fatal(err)
	}
	return key
}

// ask has a handler answer a request without a network.
func (f *fixture) ask(h http.Handler, method, target, key string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// handler is Handler where it cannot fail.
func (f *fixture) handler() http.Handler {
	f.t.Helper()
	h, err := f.Handler()
	if err != nil {
		f.t.Fatal(err)
	}
	return h
}

// start serves until the test ends or stop is called, which returns what Serve
// did.
func (f *fixture) start() (addr string, stop func() error) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- f.Serve(ctx, func(addr net.Addr) error {
			ready <- addr.String()
			return nil
		})
	}()
	stopped := false
	stop = func() error {
		cancel()
		if stopped {
			return nil
		}
		stopped = true
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			stacks := make([]byte, 1<<20)
			return fmt.Errorf("it does not end:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
	}
	f.t.Cleanup(func() {
		if err := stop(); err != nil {
			f.t.Error(err)
		}
	})
	select {
	case addr = <-ready:
	case err := <-ended:
		f.t.Fatalf("it did not start: %v", err)
	}
	return addr, stop
}

// httpClient does not wait forever.
var httpClient = &http.Client{Timeout: patience}

// dial connects. What a test waits for in vain fails after a while.
func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// upload is how a dialect takes a song.
type upload struct{ path, audio, image string }

var (
	djangoUpload = upload{"/api/songs/", "audio_url", "image_url"}
	nodeUpload   = upload{"/api/admin/songs", "audioFile", "imageFile"}
)

// songForm returns a multipart body, whose last part is the audio, and its
// type.
func songForm(u upload, title string, audio []byte) (body []byte, contentType string) {
	var b bytes.Buffer // to which writing cannot fail
	form := multipart.NewWriter(&b)
	for name, value := range map[string]string{"title": title, "artist": "Somebody", "duration": "0"} {
		_ = form.WriteField(name, value)
	}
	image, _ := form.CreateFormFile(u.image, "cover.png")
	_, _ = image.Write(tinyPNG())
	song, _ := form.CreateFormFile(u.audio, "song.mp3")
	_, _ = song.Write(audio)
	_ = form.Close()
	return b.Bytes(), form.FormDataContentType()
}
