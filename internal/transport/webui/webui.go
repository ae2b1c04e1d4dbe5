// Package webui serves the web app: its files, and its one page for every
// address that the app itself has an answer to.
//
// The app decides in the browser what is at an address such as /album/1, so
// the server sends the same page for all of them. The page goes out with a
// content security policy whose nonce is new each time; the app reads it from
// the page for the styles that it adds. To whoever is signed in the page brings
// what the app would ask the API for first.
package webui

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	pageName = "index.html"
	// hashed is the folder of files whose names change with their content.
	hashed = "assets/"
	// noncePlace is the text in the page that becomes the nonce.
	noncePlace = "__CSP_NONCE__"
)

// Config is what an App is made of.
type Config struct {
	Files fs.FS // the built app: a folder with index.html
	// API answers below Prefix. What a page asks it at once comes with the page.
	API     http.Handler
	Prefix  string        // "/web/api/"
	Media   kit.MediaURLs // of the pictures and the music in these answers
	Private bool          // whoever is not signed in is shown nothing but how to do so
	Log     *slog.Logger
}

// App serves the built app. It is safe for concurrent use.
type App struct {
	files  fs.FS
	api    http.Handler
	prefix string
	media  kit.MediaURLs
	cdn    string // the origin of media, for the policy
	closed bool   // to whoever is not signed in
	log    *slog.Logger
	page   []byte
	chunks map[string][]string // the files that a view needs, by its chunk
	known  map[string]*entry   // by the path without its leading slash
}

// entry is a file with the ways to send it.
type entry struct {
	contentType string
	variants    []variant // the best first; the last is the file as it is
}

type variant struct {
	coding string // of Content-Encoding; "" for none
	name   string // of the file
	size   int64
	etag   string
}

// codings are those that files are compressed in beforehand, the best first, by
// the suffixes of these files.
var codings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// New reads the built app. The error says what is wrong with it.
func New(c Config) (*App, error) {
	a := &App{files: c.Files, api: c.API, prefix: c.Prefix, media: c.Media, closed: c.Private, log: c.Log, known: map[string]*entry{}}
	if o := c.Media.Origin(); o != "" {
		a.cdn = " " + o
	}
	var err error
	if a.page, err = fs.ReadFile(a.files, pageName); err != nil {
		return nil, fmt.Errorf("the web app: %w", err)
	}
	if a.chunks, err = readChunks(a.files, a.page); err != nil {
		return nil, fmt.Errorf("the web app: %w", err)
	}
	all := map[string]variant{}
	err = fs.WalkDir(a.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path.Dir(chunksName) == name {
				return fs.SkipDir // it is for us, and for no browser
			}
			return nil
		}
		all[name], err = a.read(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the web app: %w", err)
	}
	for name, plain := range all {
		if name == pageName || compressed(name) {
			continue
		}
		e := &entry{contentType: typeOf(name)}
		for _, c := range codings {
			if v, ok := all[name+c.suffix]; ok {
				v.coding = c.name
				e.variants = append(e.variants, v)
			}
		}
		e.variants = append(e.variants, plain)
		a.known[name] = e
	}
	return a, nil
}

func compressed(name string) bool {
	for _, c := range codings {
		if strings.HasSuffix(name, c.suffix) {
			return true
		}
	}
	return false
}

// read returns a file as a variant. Each coding has a tag of its own, since its
// bytes are others.
func (a *App) read(name string) (variant, error) {
	data, err := fs.ReadFile(a.files, name)
	if err != nil {
		return variant{}, err
	}
	sum := sha256.Sum256(data)
	return variant{name: name, size: int64(len(data)), etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`}, nil
}

// ServeHTTP implements http.Handler.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	e := a.known[name]
	switch {
	case e != nil:
		a.sendFile(w, r, e, strings.HasPrefix(name, hashed))
	case isPage(r, name):
		a.sendPage(w, r)
	default:
		w.Header().Set("Cache-Control", "no-cache")
		http.Error(w, "There is no such file", http.StatusNotFound)
	}
}

// isPage reports whether a path that is no file's may be a page's. Names of
// artists have dots, so what looks like a file is a page to whoever asks for
// pages; a browser that loads an image or a script does not.
func isPage(r *http.Request, name string) bool {
	switch {
	case name == pageName:
		return true
	case strings.HasPrefix(name, hashed):
		return false
	}
	return path.Ext(name) == "" || strings.Contains(r.Header.Get("Accept"), "text/html")
}

// sendPage sends the page. It has no tag: a browser that kept it would show it
// with the nonce of another answer. What it starts with goes in last, so that
// nothing in there is taken for a place in the page.
func (a *App) sendPage(w http.ResponseWriter, r *http.Request) {
	nonce := rand.Text()
	start, private := a.start(r)
	body := bytes.ReplaceAll(a.page, []byte(noncePlace), []byte(nonce))
	body = bytes.Replace(body, []byte(startPlace), start, 1)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-cache")
	if private {
		h.Set("Cache-Control", "private, no-store")
	}
	h.Set("Vary", "Accept, Cookie")
	h.Set("Content-Security-Policy", policy(nonce, a.cdn))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone by now; there is nobody else to tell
	}
}

func (a *App) sendFile(w http.ResponseWriter, r *http.Request, e *entry, forever bool) {
	v := e.choose(r.Header.Values("Accept-Encoding"))
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if len(e.variants) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("ETag", v.etag)
	if kit.Fresh(r, v.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f, err := a.files.Open(v.name)
	if err != nil {
		a.log.ErrorContext(r.Context(), "a file of the web app is gone", "file", v.name, "error", err)
		h.Del("ETag")
		h.Set("Cache-Control", "no-store")
		http.Error(w, "The file cannot be read", http.StatusInternalServerError)
		return
	}
	defer f.Close()
	h.Set("Content-Type", e.contentType)
	h.Set("Content-Length", strconv.FormatInt(v.size, 10))
	if v.coding != "" {
		h.Set("Content-Encoding", v.coding)
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f) // as above
	}
}
