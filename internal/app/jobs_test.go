package app

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestJobs(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	for _, j := range f.jobs() {
		if result, err := j.Run(ctx); err != nil || j.Every <= 0 || j.Label == "" {
			t.Errorf("%s: %q, %v", j.Name, result, err)
		}
	}
	panel := panelJobs{f.Schedule}
	list, err := panel.List(ctx)
	if err != nil || len(list) != 3 || list[0].Name != "clean-media" || list[0].Every != f.Config.CleanEvery || !list[0].LastStarted.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
	if err := panel.Run(ctx, "nothing"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a job that is none: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.cleanMedia(gone); err == nil {
		t.Error("it was cleaned for one who has gone")
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
