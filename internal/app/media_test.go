package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media/s3/versitygw"
)

// elsewhere starts an S3 server with a bucket.
func elsewhere(t *testing.T) *versitygw.Server {
	t.Helper()
	gateway, err := versitygw.Start()
	if err != nil {
		citest.Missing(t, "no S3 server: "+err.Error())
	}
	t.Cleanup(func() { _ = gateway.Stop() })
	if err := gateway.CreateBucket("music"); err != nil {
		t.Fatal(err)
	}
	return gateway
}

// uploadSong sends a song as the admin.
func (f *fixture) uploadSong(h http.Handler, audio []byte) *httptest.ResponseRecorder {
	f.t.Helper()
	body, contentType := songForm(djangoUpload, "Song", audio)
	r := httptest.NewRequest(http.MethodPost, djangoUpload.path, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Token "+f.adminKey)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// mediaPath returns the path of the audio of the song that an answer has.
func mediaPath(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	var song struct {
		Audio string `json:"audio_url"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &song); err != nil || answer.Code != http.StatusCreated {
		t.Fatalf("%d %s, %v", answer.Code, answer.Body, err)
	}
	_, path, _ := strings.Cut(song.Audio, "/media/")
	return "/media/" + path
}

// What is uploaded goes to S3 and comes from there. While S3 is away, everybody
// is told so, and nothing is taken that would be lost.
func TestMediaInS3(t *testing.T) {
	gateway := elsewhere(t)
	f := newFixture(t, func(c *config.Config) {
		c.WebApp = false
		c.Media, c.MediaKey, c.MediaSecret = gateway.Location("music", "a"), gateway.Key, gateway.Secret
	})
	h := f.handler()
	audio := uniqueMP3()
	path := mediaPath(t, f.uploadSong(h, audio))
	expect := func(method, path string, status int) *httptest.ResponseRecorder {
		t.Helper()
		w := f.ask(h, method, path, "")
		if w.Code != status {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" && path != "/readyz" {
			t.Errorf("%s: no Retry-After", path)
		}
		return w
	}
	if got := expect("GET", path, http.StatusOK); !bytes.Equal(got.Body.Bytes(), audio) {
		t.Errorf("%d bytes came back of %d", got.Body.Len(), len(audio))
	}
	expect("GET", "/readyz", http.StatusOK)

	if err := gateway.Stop(); err != nil {
		t.Fatal(err)
	}
	expect("GET", path, http.StatusServiceUnavailable)
	expect("HEAD", path, http.StatusOK) // which needs no byte of it
	if w := f.uploadSong(h, uniqueMP3()); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("an upload: %d %s", w.Code, w.Body)
	}
	if err := gateway.Resume(); err != nil {
		t.Fatal(err)
	}
	expect("GET", path, http.StatusOK)
	expect("GET", mediaPath(t, f.uploadSong(h, uniqueMP3())), http.StatusOK)
}

// All files move to S3 while the server runs, and clients then fetch them from
// there.
func TestMoveMedia(t *testing.T) {
	gateway := elsewhere(t)
	f := newFixture(t, func(c *config.Config) { c.WebApp = false })
	audio := uniqueMP3()
	path := mediaPath(t, f.uploadSong(f.handler(), audio))
	to := MediaPlace{Location: gateway.Location("music", ""), Key: gateway.Key, Secret: gateway.Secret}
	for _, outcome := range []file.Outcome{file.Copied, file.Present} {
		tally, err := f.MoveMedia(t.Context(), to, func(file.Content, file.Outcome) {})
		if err != nil || tally[outcome].Contents != 2 || tally.Lost() != 0 {
			t.Fatalf("%+v, %v", tally, err)
		}
	}
	if _, err := f.MoveMedia(t.Context(), MediaPlace{Location: gateway.Location("nowhere", ""), Key: gateway.Key, Secret: gateway.Secret}, nil); err == nil {
		t.Error("it moved to a bucket that is not there")
	}

	c := *f.Config
	c.Media, c.MediaKey, c.MediaSecret, c.MediaDelivery = to.Location, to.Key, to.Secret, config.MediaRedirect
	moved, err := New(t.Context(), &c, f.Log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = moved.Close() })
	after := &fixture{App: moved, t: t}
	w := after.ask(after.handler(), "GET", path, "")
	if w.Code != http.StatusFound {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	answer, err := httpClient.Get(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(answer.Body); err != nil || !bytes.Equal(got.Bytes(), audio) || answer.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%s %q: %d bytes, %v", answer.Status, answer.Header.Get("Content-Type"), got.Len(), err)
	}
	tally, err := moved.Files.Check(t.Context(), func(file.Content, file.Outcome) {})
	if err != nil || tally[file.Whole].Contents != 2 {
		t.Errorf("%+v, %v", tally, err)
	}
}
