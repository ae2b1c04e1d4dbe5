package openapi

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	html "html/template"
	"net/http"
	"time"
)

// Where the handlers are to be mounted, for the pages link to each other, and
// the operation that a visitor needs first.
const (
	schemaPath = "/api/schema/"
	docsPath   = "/api/docs/"
	signInPath = "/api/auth/login/"
)

//go:embed page
var files embed.FS

// asset is an answer that never changes.
type asset struct {
	contentType string
	etag        string
	body        []byte
}

func newAsset(contentType string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{contentType, `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, body}
}

// policy lets the pages load their style and their mark, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("ETag", a.etag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// exactly serves assets by their whole path.
type exactly map[string]asset

func (e exactly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := e[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	found.ServeHTTP(w, r)
}

// Schema serves the document at /api/schema/.
func (a *API) Schema() http.Handler { return a.schema }

// Docs serves the documentation page at /api/docs/, and beneath it what the
// page and the landing page load.
func (a *API) Docs() http.Handler { return a.docs }

// Landing serves a page that says where to go, for /.
func (a *API) Landing() http.Handler { return a.landing }

// draw makes the pages, and what serves them.
func (a *API) draw() error {
	templates, err := html.ParseFS(files, "page/*.html")
	if err != nil {
		return err
	}
	view, err := a.page()
	if err != nil {
		return err
	}
	var docs, landing bytes.Buffer
	if err := templates.ExecuteTemplate(&docs, "docs.html", view); err != nil {
		return err
	}
	if err := templates.ExecuteTemplate(&landing, "landing.html", view); err != nil {
		return err
	}
	style, err := files.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	icon, err := files.ReadFile("page/mark.svg")
	if err != nil {
		return err
	}
	a.docs = exactly{
		docsPath:               newAsset("text/html; charset=utf-8", docs.Bytes()),
		docsPath + "style.css": newAsset("text/css; charset=utf-8", style),
		docsPath + "mark.svg":  newAsset("image/svg+xml", icon),
	}
	a.schema = exactly{schemaPath: newAsset(jsonType, a.document)}
	a.landing = exactly{"/": newAsset("text/html; charset=utf-8", landing.Bytes())}
	return nil
}
