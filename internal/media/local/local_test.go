package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/mediatest"
)

func newStore(t *testing.T) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func receive(t *testing.T, stage *media.Stage, content string) *media.Staged {
	t.Helper()
	staged, err := stage.Receive(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(staged.Discard)
	return staged
}

func TestConformance(t *testing.T) {
	t.Run("own stage", func(t *testing.T) {
		mediatest.Run(t, func(t *testing.T) (media.Blobs, *media.Stage) {
			s, _ := newStore(t)
			return s, s.Stage()
		})
	})
	t.Run("foreign stage", func(t *testing.T) {
		mediatest.Run(t, func(t *testing.T) (media.Blobs, *media.Stage) {
			s, _ := newStore(t)
			stage, err := media.NewStage(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			return s, stage
		})
	})
}

func TestLayout(t *testing.T) {
	s, dir := newStore(t)
	staged := receive(t, s.Stage(), "abc")
	if err := s.Put(t.Context(), staged); err != nil {
		t.Fatal(err)
	}
	// The SHA-256 of "abc" is the first example of FIPS 180-4.
	const key = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	got, err := os.ReadFile(filepath.Join(dir, "blobs", "ba", "78", key))
	if err != nil || string(got) != "abc" {
		t.Errorf("%q, %v", got, err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "staging"))
	if err != nil || len(left) != 0 {
		t.Errorf("the stage holds %v, %v", left, err)
	}
}

func TestAFileOfTheStoreIsAnOSFile(t *testing.T) {
	s, _ := newStore(t)
	staged := receive(t, s.Stage(), "sendfile")
	if err := s.Put(t.Context(), staged); err != nil {
		t.Fatal(err)
	}
	b, _, err := s.Open(t.Context(), staged.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, ok := b.(*os.File); !ok {
		t.Errorf("a blob is a %T", b)
	}
}

func TestPutRenewsTheTime(t *testing.T) {
	s, _ := newStore(t)
	first := receive(t, s.Stage(), "old")
	if err := s.Put(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	collected := time.Now().Add(-time.Hour)
	long := collected.Add(-time.Hour)
	if err := os.Chtimes(s.path(first.Key), long, long); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), receive(t, s.Stage(), "old")); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), first.Key, collected); err != nil {
		t.Fatal(err)
	}
	b, _, err := s.Open(t.Context(), first.Key)
	if err != nil {
		t.Fatalf("the blob was collected after it had been put again: %v", err)
	}
	b.Close()
}

// An upload may wait long between Receive and Put.
func TestPutCountsFromPutNotFromReceive(t *testing.T) {
	s, _ := newStore(t)
	staged := receive(t, s.Stage(), "waited")
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(staged.File().Name(), long, long); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), staged); err != nil {
		t.Fatal(err)
	}
	_, info, err := s.Open(t.Context(), staged.Key)
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime.After(long.Add(time.Minute)) {
		t.Errorf("ModTime is %v, that of the upload", info.ModTime)
	}
}

func TestPutRepairsABlobOfTheWrongSize(t *testing.T) {
	s, _ := newStore(t)
	staged := receive(t, s.Stage(), "whole")
	if err := s.Put(t.Context(), staged); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.path(staged.Key), 2); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), receive(t, s.Stage(), "whole")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(s.path(staged.Key))
	if err != nil || string(got) != "whole" {
		t.Errorf("%q, %v", got, err)
	}
}

// A collector may take an old blob before somebody puts it again, but not
// after: whoever has put it finds it.
func TestDeleteNeverTakesWhatWasJustPut(t *testing.T) {
	s, _ := newStore(t)
	first := receive(t, s.Stage(), "contended")
	if err := s.Put(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		long := time.Now().Add(-time.Hour)
		if err := os.Chtimes(s.path(first.Key), long, long); err != nil {
			t.Fatal(err)
		}
		staged := receive(t, s.Stage(), "contended")
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := s.Delete(t.Context(), first.Key, long); err != nil {
				t.Error(err)
			}
		})
		if err := s.Put(t.Context(), staged); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		staged.Discard()
		b, _, err := s.Open(t.Context(), first.Key)
		if err != nil {
			t.Fatalf("Open after Put: %v", err)
		}
		b.Close()
	}
}

func TestListLeavesStrangersAlone(t *testing.T) {
	s, dir := newStore(t)
	stray := filepath.Join(dir, "blobs", "README")
	if err := os.WriteFile(stray, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	misplaced := filepath.Join(dir, "blobs", strings.Repeat("ab", 32))
	if err := os.WriteFile(misplaced, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.List(t.Context(), func(b media.BlobInfo) error { t.Errorf("listed %s", b.Key); return nil })
	if err != nil {
		t.Error(err)
	}
	for _, path := range []string{stray, misplaced} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestNotWritable(t *testing.T) {
	s, dir := newStore(t)
	if err := os.RemoveAll(filepath.Join(dir, "blobs")); err != nil {
		t.Fatal(err)
	}
	if err := s.Writable(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Writable: %v", err)
	}
}
