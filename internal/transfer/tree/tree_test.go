package tree_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/tree"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// newTree returns the tree of a folder with files in it, and the world that
// takes them.
func newTree(t *testing.T, w *world.World, files map[string][]byte) *tree.Tree {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "songs", "link.mp3")); err != nil {
		t.Fatal(err)
	}
	made, err := tree.Open(tree.Config{Dir: dir, Files: w.Files, Memory: w.Store, Stage: w.Stage, ImageLimit: 1 << 20, AudioLimit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := made.Close(); err != nil {
			t.Error(err)
		}
	})
	return made
}

func TestRewrite(t *testing.T) {
	w, fixtures := world.New(t, "sqlite"), world.Fixtures()
	files := map[string][]byte{
		"songs/a song.mp3":       fixtures["track.mp3"],
		"songs/no.mp3":           []byte("<html>"),
		"songs/long.mp3":         make([]byte, 1<<20+1),
		"album_images/cover.png": fixtures["cover.png"],
		"songs/d/" + strings.Repeat("x", 100) + ".mp3": fixtures["track.mp3"],
	}
	for _, tt := range []struct {
		path, wrong string
		kind        transfer.MediaKind
	}{
		{"songs/a song.mp3", "", transfer.SongAudio},
		{"https://music.example.com/media/songs/absent.mp3", "", transfer.SongAudio},
		{"album_images/cover.png", "", transfer.AlbumImage},
		{"https://cdn.example.com/a.png", "", transfer.AlbumImage},
		{"songs/no.mp3", "not_audio", transfer.SongAudio},
		{"songs/long.mp3", "limit of 1048576", transfer.SongAudio},
		{"songs/absent.mp3", "no such file", transfer.SongAudio},
		{"songs/link.mp3", "escapes", transfer.SongAudio},
		{"songs", "no file", transfer.SongAudio},
		{"../songs/a.mp3", "no path", transfer.SongAudio},
		{"/etc/hostname", "no path", transfer.SongAudio},
		{"songs/d/" + strings.Repeat("x", 100) + ".mp3", "name", transfer.SongAudio},
	} {
		made := newTree(t, w, files)
		for run := range 2 { // the second time it is there
			got, err := made.Rewrite(t.Context(), tt.path, tt.kind)
			if tt.wrong == "" && (err != nil || got != tt.path) {
				t.Errorf("%s, run %d: %q, %v", tt.path, run, got, err)
			}
			if tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
				t.Errorf("%s, run %d: %q, error %v, want one of %q", tt.path, run, got, err, tt.wrong)
			}
		}
	}
	made := newTree(t, w, files)
	if got, err := made.Rewrite(t.Context(), "https://music.example.com/media/songs/a%20song.mp3", transfer.SongAudio); got != "songs/a song.mp3" || err != nil {
		t.Errorf("an exported address is %q, %v", got, err)
	}
	f, err := w.Files.ByName(t.Context(), "songs/a song.mp3")
	if err != nil || f.Size != int64(len(fixtures["track.mp3"])) {
		t.Errorf("the song is %+v, %v", f, err)
	}
	if n := w.Staged(t); n != 0 {
		t.Errorf("%d uploads are left", n)
	}
}

// Another file of the same name is not taken for the one that is there.
func TestRewriteTaken(t *testing.T) {
	w, fixtures := world.New(t, "sqlite"), world.Fixtures()
	first := newTree(t, w, map[string][]byte{"songs/a.png": fixtures["cover.png"]})
	if _, err := first.Rewrite(t.Context(), "songs/a.png", transfer.SongImage); err != nil {
		t.Fatal(err)
	}
	second := newTree(t, w, map[string][]byte{"songs/a.png": fixtures["img.jpg"]})
	if _, err := second.Rewrite(t.Context(), "songs/a.png", transfer.SongImage); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("error %v", err)
	}
}

// Many songs have one cover, and are asked for at once.
func TestRewriteAtOnce(t *testing.T) {
	w, fixtures := world.New(t, "sqlite"), world.Fixtures()
	made := newTree(t, w, map[string][]byte{"songs/a.png": fixtures["cover.png"]})
	var g errgroup.Group
	for range 20 {
		g.Go(func() error {
			_, err := made.Rewrite(t.Context(), "songs/a.png", transfer.SongImage)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func TestOpenNoFolder(t *testing.T) {
	if _, err := tree.Open(tree.Config{Dir: filepath.Join(t.TempDir(), "absent")}); err == nil {
		t.Error("no error")
	}
}
