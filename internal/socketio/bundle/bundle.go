// Package bundle serves the Socket.IO client for browsers, so that a page can
// load it from the server it talks to: <script src="/socket.io/socket.io.js">.
//
// The files in dist are those of the folder client-dist of the npm package
// socket.io, each compressed with gzip -9n, and its licence.
package bundle

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// Version is the version of the npm package that the files are from.
const Version = "4.8.4"

// Prefix is where Socket.IO servers have the client: the path of the server
// itself.
const Prefix = "/socket.io/"

const etag = `"` + Version + `"`

//go:embed dist
var dist embed.FS

// Has tells whether path is that of a file that [Handler] serves. Every other
// path below [Prefix] is the Socket.IO server's.
func Has(path string) bool {
	_, ok := compressed(path)
	return ok
}

// compressed returns the gzip file for a path.
func compressed(path string) ([]byte, bool) {
	name, ok := strings.CutPrefix(path, Prefix)
	if !ok {
		return nil, false
	}
	data, err := dist.ReadFile("dist/" + name + ".gz")
	return data, err == nil
}

// Handler serves the files to GET and HEAD, with the headers that the Node
// server gives them: the version is the entity tag, and is asked for each time.
// A path that [Has] denies is answered with 404.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	data, ok := compressed(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("ETag", etag)
	h.Add("Vary", "Accept-Encoding")
	if holdsTag(r.Header.Values("If-None-Match")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", contentType(r.URL.Path))
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
		return
	}
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		panic("bundle: an embedded file is damaged: " + err.Error())
	}
	_, _ = io.Copy(w, plain)
}

func contentType(path string) string {
	if strings.HasSuffix(path, ".map") {
		return "application/json; charset=utf-8"
	}
	return "application/javascript; charset=utf-8"
}

// holdsTag tells whether the values of If-None-Match name the files' version.
func holdsTag(values []string) bool {
	for tag := range elements(values) {
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// acceptsGzip tells whether the values of Accept-Encoding name gzip, or
// everything, without refusing it by a weight of nought (RFC 9110, 12.5.3).
func acceptsGzip(values []string) bool {
	accepts := false
	for element := range elements(values) {
		coding, weight, _ := strings.Cut(element, ";")
		_, weight, weighed := strings.Cut(weight, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		wanted := !weighed || (err == nil && q > 0)
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return wanted
		case "*":
			accepts = wanted
		}
	}
	return accepts
}

// elements yields the elements of a header that is a list.
func elements(values []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
			if !yield(strings.TrimSpace(element)) {
				return
			}
		}
	}
}
