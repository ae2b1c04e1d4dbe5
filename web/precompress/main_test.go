package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	script := []byte(strings.Repeat("console.log('la');\n", 200))
	noise := make([]byte, 4<<10) // a file of one type that is another
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for name, data := range map[string][]byte{
		"index.html": script, "assets/app.js": script, "assets/small.js": script[:100], "assets/noise.wasm": noise,
		"cover.png": script, "assets/gone.js.br": script, "assets/small.js.gz": script, "assets/app.js.br": noise,
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"assets/app.js", "assets/app.js.br", "assets/app.js.gz", "assets/noise.wasm", "assets/small.js", "cover.png", "index.html",
	}
	var first []byte
	for range 2 { // the second time all of it is there
		if err := run(dir); err != nil {
			t.Fatal(err)
		}
		names, err := list(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i := range names {
			rel, err := filepath.Rel(dir, names[i])
			if err != nil {
				t.Fatal(err)
			}
			names[i] = filepath.ToSlash(rel)
		}
		if !slices.Equal(names, want) {
			t.Fatalf("the folder has %v, want %v", names, want)
		}
		br, gz := read(t, dir, "assets/app.js.br"), read(t, dir, "assets/app.js.gz")
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(br))); err != nil || !bytes.Equal(got, script) {
			t.Errorf("the brotli file has %d bytes, %v", len(got), err)
		}
		z, err := gzip.NewReader(bytes.NewReader(gz))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, script) || z.Name != "" || !bytes.Equal(gz[4:8], make([]byte, 4)) {
			t.Errorf("the gzip file has %d bytes, name %q, time %v, %v", len(got), z.Name, gz[4:8], err)
		}
		if first != nil && !bytes.Equal(first, slices.Concat(br, gz)) {
			t.Error("the second run wrote other bytes")
		}
		first = slices.Concat(br, gz)
	}
	if err := run(filepath.Join(dir, "nothing")); err == nil {
		t.Error("a folder that is not there was compressed")
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
