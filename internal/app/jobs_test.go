package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/file"
)

func TestJobs(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	payloads := map[string][]byte{sendMail: []byte(`{"Kind":"reset","Email":"nobody@example.org"}`)}
	for _, k := range f.kinds() {
		if result, err := k.Run(ctx, payloads[k.Name]); err != nil || k.Label == "" {
			t.Errorf("%s: %q, %v", k.Name, result, err)
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.cleanMedia(gone, nil); err == nil {
		t.Error("it was cleaned for one who has gone")
	}
}

// The smaller versions of a picture are made before somebody asks for them,
// once it has a name.
func TestDeriveMedia(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	accepted := func(content []byte) file.Accepted {
		t.Helper()
		staged, err := f.Stage.Receive(ctx, bytes.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer staged.Discard()
		a, err := f.Files.AcceptImage(ctx, file.Upload{Staged: staged, Filename: "cover.png"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	waiting := func(want int) {
		t.Helper()
		list, err := f.Jobs.Kinds(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range list {
			if k.Name == deriveMedia && k.Count.Waiting != want {
				t.Errorf("%d wait, want %d", k.Count.Waiting, want)
			}
		}
	}
	cover, undone := accepted(tinyPNG()), errors.New("undone")
	err := f.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := f.Files.Name(ctx, cover, file.SongImages)
		return errors.Join(err, undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	waiting(0)
	for range 2 { // of one content
		if _, err := f.Files.Name(ctx, cover, file.SongImages); err != nil {
			t.Fatal(err)
		}
	}
	sound := cover
	sound.ContentType = "audio/mpeg"
	if _, err := f.Files.Name(ctx, sound, file.SongAudio); err != nil {
		t.Fatal(err)
	}
	waiting(1)
	if result, err := f.deriveMedia(ctx, []byte(cover.Key)); err != nil || result != "3 sizes" {
		t.Errorf("%q, %v", result, err)
	}
	made := filesBelow(t, filepath.Join(f.Config.MediaDir(), "sizes"))
	if len(made) != 3 {
		t.Errorf("made %v", made)
	}
	if result, err := f.deriveMedia(ctx, []byte("no key")); err != nil || result != "gone" {
		t.Errorf("%q, %v", result, err)
	}
}

func TestFreeSpace(t *testing.T) {
	if free, err := freeSpace(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%d bytes, %v", free, err)
	}
	if free, err := freeSpace("no/such/folder"); err == nil {
		t.Errorf("a folder that is not there has %d bytes", free)
	}
}

// The same seed draws the same picture, and every seed draws one.
func TestDrawnCover(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(4) {
		a, errA := drawnCover(seed)
		b, errB := drawnCover(seed)
		if errA != nil || errB != nil || string(a) != string(b) || seen[string(a)] || http.DetectContentType(a) != "image/jpeg" {
			t.Errorf("seed %d: %d bytes, %v, %v", seed, len(a), errA, errB)
		}
		seen[string(a)] = true
	}
}

// An admin can follow the log, and does not keep the server from ending.
func TestServerLog(t *testing.T) {
	f := newFixture(t, nil)
	f.Log = slog.New(f.Tail.Wrap(slog.NewTextHandler(io.Discard, nil)))
	f.Log.Info("before", "password", "s3cret")
	addr, stop := f.start()
	conn := dial(t, addr)
	send(t, conn, "GET /admin/api/server-log HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+f.adminKey+"\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%+v, %v", resp, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	line := func(part string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), "s3cret") {
				t.Errorf("a secret is shown: %s", lines.Text())
			}
			if strings.Contains(lines.Text(), part) {
				return
			}
		}
		t.Fatalf("the stream ended without %s: %v", part, lines.Err())
	}
	line(`"message":"before"`)
	f.Log.Warn("after")
	line(`"message":"after"`)
	if err := stop(); err != nil {
		t.Errorf("while somebody follows: %v", err)
	}
	for lines.Scan() { // up to its end
		continue
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream was cut off: %v", err)
	}
}
