// Package mediatest holds the tests that every storage of blobs must pass.
package mediatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Run tests the storage that open returns, empty and with a stage whose uploads
// it takes. Each test opens its own.
func Run(t *testing.T, open func(t *testing.T) (media.Blobs, *media.Stage)) {
	tests := []struct {
		name string
		run  func(t *testing.T, f fixture)
	}{
		{"what was put can be opened", testRoundTrip},
		{"no bytes are a blob too", testEmpty},
		{"an absent blob is not found", testAbsent},
		{"a key that is none is not found", testBadKey},
		{"putting twice changes nothing but the time", testTwice},
		{"one upload can be put again after its blob is gone", testPutAgain},
		{"an upload that was put stays readable", testReadableAfterPut},
		{"a blob put after the given moment is not deleted", testDeleteSpares},
		{"deleting removes, and may be repeated", testDelete},
		{"listing gives every blob once", testList},
		{"listing stops at an error", testListStops},
		{"a good storage is writable", testWritable},
		{"putting and deleting at once loses nothing", testContention},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			blobs, stage := open(t)
			test.run(t, fixture{blobs, stage})
		})
	}
}

type fixture struct {
	media.Blobs
	stage *media.Stage
}

// receive stages content.
func (f fixture) receive(t *testing.T, content string) *media.Staged {
	t.Helper()
	s, err := f.stage.Receive(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatalf("Receive: %v", err)
	}
	t.Cleanup(s.Discard)
	return s
}

// put stores content and returns its key.
func (f fixture) put(t *testing.T, content string) media.Key {
	t.Helper()
	s := f.receive(t, content)
	if err := f.Put(t.Context(), s); err != nil {
		t.Fatalf("Put: %v", err)
	}
	s.Discard()
	return s.Key
}

// expect fails the test unless the blob has that content.
func (f fixture) expect(t *testing.T, k media.Key, content string) media.BlobInfo {
	t.Helper()
	b, info, err := f.Open(t.Context(), k)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	defer b.Close()
	if info.Key != k || info.Size != int64(len(content)) {
		t.Errorf("Open: info %+v, want key %s and size %d", info, k, len(content))
	}
	got, err := io.ReadAll(b)
	if err != nil || string(got) != content {
		t.Errorf("content %.40q, %v, want %.40q", got, err, content)
	}
	return info
}

// expectAbsent fails the test if there is such a blob.
func (f fixture) expectAbsent(t *testing.T, k media.Key) {
	t.Helper()
	b, _, err := f.Open(t.Context(), k)
	if err == nil {
		b.Close()
	}
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("Open: %v, want not found", err)
	}
}

func testRoundTrip(t *testing.T, f fixture) {
	content := strings.Repeat("la ", 100_000)
	k := f.put(t, content)
	f.expect(t, k, content)

	b, _, err := f.Open(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Seek(-3, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(b)
	if err != nil || string(rest) != "la " {
		t.Errorf("after Seek: %q, %v", rest, err)
	}
	part := make([]byte, 4)
	if _, err := b.ReadAt(part, 3); err != nil || string(part) != "la l" {
		t.Errorf("ReadAt: %q, %v", part, err)
	}
}

func testEmpty(t *testing.T, f fixture) { f.expect(t, f.put(t, ""), "") }

func testAbsent(t *testing.T, f fixture) {
	f.expectAbsent(t, media.Key(strings.Repeat("0f", 32)))
}

func testBadKey(t *testing.T, f fixture) {
	for _, k := range []media.Key{"", "..", "../../etc/passwd", media.Key(strings.Repeat("0F", 32))} {
		f.expectAbsent(t, k)
		if err := f.Delete(t.Context(), k, time.Now()); err != nil {
			t.Errorf("Delete %q: %v", k, err)
		}
	}
}

func testTwice(t *testing.T, f fixture) {
	k := f.put(t, "twice")
	first := f.expect(t, k, "twice")
	if again := f.put(t, "twice"); again != k {
		t.Errorf("keys %s and %s for one content", k, again)
	}
	if second := f.expect(t, k, "twice"); second.ModTime.Before(first.ModTime) {
		t.Errorf("ModTime went from %v to %v", first.ModTime, second.ModTime)
	}
}

func testPutAgain(t *testing.T, f fixture) {
	s := f.receive(t, "again")
	for range 3 {
		if err := f.Put(t.Context(), s); err != nil {
			t.Fatalf("Put: %v", err)
		}
	}
	if err := f.Delete(t.Context(), s.Key, future()); err != nil {
		t.Fatal(err)
	}
	f.expectAbsent(t, s.Key)
	if err := f.Put(t.Context(), s); err != nil {
		t.Fatalf("Put after Delete: %v", err)
	}
	s.Discard()
	s.Discard()
	f.expect(t, s.Key, "again")
}

func testReadableAfterPut(t *testing.T, f fixture) {
	s := f.receive(t, "still here")
	if err := f.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size))
	if err != nil || string(got) != "still here" {
		t.Errorf("read %q, %v", got, err)
	}
}

func testDeleteSpares(t *testing.T, f fixture) {
	k := f.put(t, "spared")
	info := f.expect(t, k, "spared")
	if err := f.Delete(t.Context(), k, info.ModTime.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	f.expect(t, k, "spared")
}

func testDelete(t *testing.T, f fixture) {
	k, other := f.put(t, "goes"), f.put(t, "stays")
	for range 2 {
		if err := f.Delete(t.Context(), k, future()); err != nil {
			t.Fatal(err)
		}
	}
	f.expectAbsent(t, k)
	f.expect(t, other, "stays")
}

func testList(t *testing.T, f fixture) {
	want := map[media.Key]int64{}
	for i := range 20 {
		content := strings.Repeat("x", i)
		want[f.put(t, content)] = int64(len(content))
	}
	f.receive(t, "only staged")
	got := map[media.Key]int64{}
	err := f.List(t.Context(), func(info media.BlobInfo) error {
		if _, twice := got[info.Key]; twice {
			t.Errorf("%s is listed twice", info.Key)
		}
		if info.ModTime.IsZero() {
			t.Errorf("%s has no ModTime", info.Key)
		}
		got[info.Key] = info.Size
		return nil
	})
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("List: %v, %v, want %v", got, err, want)
	}
}

func testListStops(t *testing.T, f fixture) {
	f.put(t, "one")
	f.put(t, "two")
	stop, calls := errors.New("stop"), 0
	err := f.List(t.Context(), func(media.BlobInfo) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("List: %v after %d calls", err, calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.List(ctx, func(media.BlobInfo) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("List with a cancelled context: %v", err)
	}
}

func testWritable(t *testing.T, f fixture) {
	if err := f.Writable(t.Context()); err != nil {
		t.Error(err)
	}
	err := f.List(t.Context(), func(info media.BlobInfo) error {
		return fmt.Errorf("it left %s behind", info.Key)
	})
	if err != nil {
		t.Error(err)
	}
}

// testContention puts one content from 32 goroutines, starting without it in
// each round, while others collect what is older than the test. After its own
// Put, each must find the blob whole.
func testContention(t *testing.T, f fixture) {
	const putters, collectors, rounds = 32, 4, 8
	content := bytes.Repeat([]byte("contended "), 1000)
	begin := time.Now().Add(-time.Minute)
	key := f.put(t, string(content))

	var working, collecting sync.WaitGroup
	done := make(chan struct{})
	for range collectors {
		collecting.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				// Nothing is older than this, so nothing may go.
				if err := f.Delete(t.Context(), key, begin); err != nil {
					t.Errorf("Delete: %v", err)
					return
				}
			}
		})
	}
	for range rounds {
		if err := f.Delete(t.Context(), key, future()); err != nil {
			t.Fatal(err)
		}
		for range putters {
			working.Go(func() { putAndRead(t, f, content) })
		}
		working.Wait()
	}
	close(done)
	collecting.Wait()
	f.expect(t, key, string(content))
}

// putAndRead puts content and reads it back.
func putAndRead(t *testing.T, f fixture, content []byte) {
	s, err := f.stage.Receive(t.Context(), bytes.NewReader(content), 1<<20)
	if err != nil {
		t.Errorf("Receive: %v", err)
		return
	}
	defer s.Discard()
	if err := f.Put(t.Context(), s); err != nil {
		t.Errorf("Put: %v", err)
		return
	}
	b, _, err := f.Open(t.Context(), s.Key)
	if err != nil {
		t.Errorf("Open right after Put: %v", err)
		return
	}
	defer b.Close()
	if got, err := io.ReadAll(b); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes, %v, want %d", len(got), err, len(content))
	}
}

// future returns a moment after which nothing has been put.
func future() time.Time { return time.Now().Add(time.Hour) }
