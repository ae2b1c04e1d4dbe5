// Command precompress writes what a web server would otherwise compress for
// each request: NAME.br and NAME.gz beside every file of a folder that gains by
// it. The same input gives the same bytes, so that the results can be committed.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip" // unlike that of the standard library, the same in every version of Go
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: precompress FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "precompress:", err)
		os.Exit(1)
	}
}

// minSize is what is worth compressing, in bytes: less fits one packet anyway.
const minSize = 1 << 10

// compressible are the types that are not compressed already. HTML is not among
// them: the server writes into it for each request.
var compressible = []string{".css", ".js", ".json", ".map", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"}

// formats are the compressions by the suffixes of their files.
var formats = map[string]func(io.Writer) (io.WriteCloser, error){
	".br": func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, brotli.BestCompression), nil
	},
	".gz": func(w io.Writer) (io.WriteCloser, error) {
		z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		z.ModTime = time.Unix(0, 0) // means none
		return z, nil
	},
}

// run compresses the files under dir, and removes what an earlier run left
// there.
func run(dir string) error {
	names, err := list(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if formats[filepath.Ext(name)] != nil {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		if !slices.Contains(compressible, filepath.Ext(name)) {
			continue
		}
		if err := compress(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func list(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// compress writes the compressed files of one, as far as they are smaller.
func compress(name string) error {
	plain, err := os.ReadFile(name)
	if err != nil || len(plain) < minSize {
		return err
	}
	for suffix, newWriter := range formats {
		var out bytes.Buffer
		w, err := newWriter(&out)
		if err != nil {
			return err
		}
		_, err = w.Write(plain)
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
		if out.Len() >= len(plain) {
			continue
		}
		if err := os.WriteFile(name+suffix, out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
