package webui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	// startPlace is the text in the page that becomes what it starts with.
	startPlace = "<!--start-->"
	// chunksName is the list of the app's parts that Vite writes
	// (https://vite.dev/guide/backend-integration).
	chunksName = ".vite/manifest.json"
	// maxGiven is the greatest answer that a page carries, in bytes. The app
	// asks for what is greater once its frame stands.
	maxGiven = 64 << 10
)

// view is a page that many visits begin with.
type view struct {
	pattern string                      // of its path, where {id} is any segment
	chunk   string                      // the name of its part of the app; "" if it is in the first
	asks    []string                    // what it asks the API for, {id} being the path's, as the app writes it
	covers  func(answer []byte) []cover // those that are seen first, of the last answer; may be nil
}

// views are those pages. Each asks for what frame says, too.
var views = []view{
	{"/", "", []string{"home"}, homeCovers},
	{"/album/{id}", "Album", []string{"albums/{id}"}, heroCover},
	{"/artist/{id}", "Artist", []string{"artists/{id}"}, heroCover},
	{"/chat/{id}", "together", []string{"conversations/{id}/messages?limit=50"}, nil},
	{"/chat", "together", nil, nil},
	{"/songs", "Songs", nil, nil},
	{"/albums", "Albums", nil, nil},
}

// frame is what all pages ask the API for.
var frame = []string{"session", "conversations?limit=500"}

// find returns the view at an escaped path, and the segment that is its {id}.
func find(escaped string) (found view, id string) {
	for _, v := range views {
		before, _, some := strings.Cut(v.pattern, "{id}")
		rest, ok := strings.CutPrefix(escaped, before)
		if ok && (rest == "" && !some || some && rest != "" && !strings.Contains(rest, "/")) {
			return v, rest
		}
	}
	return view{}, ""
}

// readChunks returns the files that each chunk of views needs, by its name: its
// own, and those it imports that the page does not name already.
func readChunks(files fs.FS, page []byte) (map[string][]string, error) {
	data, err := fs.ReadFile(files, chunksName)
	if err != nil {
		return nil, err
	}
	var chunks map[string]struct {
		Name    string   `json:"name"`
		File    string   `json:"file"`
		Imports []string `json:"imports"`
	}
	if err := json.Unmarshal(data, &chunks); err != nil {
		return nil, fmt.Errorf("%s: %w", chunksName, err)
	}
	keys := map[string]string{}
	for key, c := range chunks {
		keys[c.Name] = key
	}
	needs := map[string][]string{}
	for _, v := range views {
		if v.chunk == "" {
			continue
		}
		key, ok := keys[v.chunk]
		if !ok {
			return nil, fmt.Errorf("%s: there is no chunk %s", chunksName, v.chunk)
		}
		all := map[string]bool{}
		for todo := []string{key}; len(todo) > 0; todo = todo[1:] {
			c := chunks[todo[0]]
			if all[c.File] || bytes.Contains(page, []byte(c.File)) {
				continue
			}
			all[c.File] = true
			todo = append(todo, c.Imports...)
		}
		needs[v.chunk] = slices.Sorted(maps.Keys(all))
	}
	return needs, nil
}

// start returns what a page starts with: links that have the browser load its
// part of the app beside the first part rather than after it, and, for whoever
// has a session, the API's answers to what the app will ask; on a private
// instance everybody gets that of who he is. These save the
// round trips; the app asks for what is missing. private is whether it is for
// one person's eyes.
func (a *App) start(r *http.Request) (page []byte, private bool) {
	v, id := find(r.URL.EscapedPath())
	var b bytes.Buffer
	for _, file := range a.chunks[v.chunk] {
		fmt.Fprintf(&b, "<link rel=\"modulepreload\" crossorigin href=\"/%s\">\n", file)
	}
	if a.media.Public != "" {
		fmt.Fprintf(&b, "<link rel=\"preconnect\" href=\"%s\" data-media=\"%s\">\n", a.media.Origin(), a.media.Public)
	}
	if _, err := r.Cookie(kit.SessionCookie); a.api == nil || err != nil && !a.closed {
		return b.Bytes(), false
	}
	// A block of data is no script, so the policy has nothing against it.
	b.WriteString("<script type=\"application/json\" id=\"given\">{")
	separator := ""
	var last []byte
	for _, path := range slices.Concat(frame, v.asks) {
		path = strings.ReplaceAll(path, "{id}", id)
		if answer := a.ask(r, path); answer != nil {
			key, _ := json.Marshal(path) // of a string it does not fail
			b.WriteString(separator)
			b.Write(key)
			b.WriteByte(':')
			b.Write(answer)
			separator = ","
			last = answer
		}
	}
	b.WriteString("}</script>\n")
	if v.covers != nil {
		a.writeCovers(&b, v.covers(last))
	}
	return b.Bytes(), true
}

// ask returns the API's answer to whoever asks for the page, as JSON that may
// stand within HTML; nil if it is no success. The API is asked as if he had done
// so himself, so that there is one truth about what he may see.
func (a *App) ask(r *http.Request, path string) []byte {
	address, err := url.Parse(a.prefix + path)
	if err != nil {
		return nil
	}
	asked := r.Clone(r.Context())
	asked.Method, asked.URL, asked.RequestURI = http.MethodGet, address, ""
	asked.Header = http.Header{"Cookie": r.Header["Cookie"]}
	got := &answer{header: http.Header{}}
	a.api.ServeHTTP(got, asked)
	if got.status != http.StatusOK || got.body.Len() > maxGiven {
		return nil
	}
	return bytes.ReplaceAll(got.body.Bytes(), []byte("<"), []byte(`\u003c`))
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}
