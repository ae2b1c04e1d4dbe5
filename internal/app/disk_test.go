package app

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/config"
)

// smallDisk returns a folder on a disk of its own of 48 MiB. Only who may mount
// one can run the test.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", dir).CombinedOutput(); err != nil {
		citest.Missing(t, fmt.Sprintf("this test needs to be allowed to mount a disk: %v %s", err, out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
	return dir
}

// fill takes all the room that a disk has, and returns the file that does.
func fill(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return f.Name()
}

// On a full disk what is there can be heard and read. Whoever writes is told when
// to come back, nothing half-done stays, and all goes on once there is room.
func TestDiskFull(t *testing.T) {
	dir := smallDisk(t)
	f := newFixture(t, func(c *config.Config) {
		c.Data, c.Database, c.WebApp = dir, "sqlite:"+filepath.Join(dir, "antiphon.db"), false
	})
	h := f.handler()
	audio := uniqueMP3()
	path := mediaPath(t, f.uploadSong(h, audio))
	login := func() *httptest.ResponseRecorder {
		body := `{"email":"user@example.org","password":"` + crashPassword + `"}`
		r := httptest.NewRequest(http.MethodPost, "/api/auth/login/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	filler := fill(t, dir)
	for name, answer := range map[string]*httptest.ResponseRecorder{"an upload": f.uploadSong(h, uniqueMP3()), "a sign-in": login()} {
		if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") != "60" {
			t.Errorf("%s: %d %s, Retry-After %q", name, answer.Code, answer.Body, answer.Header().Get("Retry-After"))
		}
	}
	if left := filesBelow(t, filepath.Join(dir, "media", "staging")); len(left) > 0 {
		t.Errorf("left in the staging folder: %v", left)
	}
	if w := f.ask(h, "GET", path, ""); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), audio) {
		t.Errorf("what was there before: %d", w.Code)
	}
	if w := f.ask(h, "GET", "/api/songs/", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"count":1,`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if answer := login(); answer.Code != http.StatusOK {
		t.Errorf("a sign-in once there is room: %d", answer.Code)
	}
	mediaPath(t, f.uploadSong(h, uniqueMP3()))
}
