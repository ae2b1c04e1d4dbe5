package cloudinary_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/media/cloudinary"
)

const cloud, key, secret = "music", "123456", "abcd"

// server speaks as much of Cloudinary's API as the documentation tells and the
// store uses, and delivers what it was given.
type server struct {
	*httptest.Server

	mu     sync.Mutex
	files  map[string]*stored // by public id
	chunks map[string][]byte  // by upload id
	pages  int                // how many files a page of a list has at most
	spoil  func(w http.ResponseWriter, r *http.Request) bool
}

type stored struct {
	content []byte
	created time.Time
	context map[string]string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{files: map[string]*stored{}, chunks: map[string][]byte{}, pages: 7}
	mux := http.NewServeMux()
	api := "/v1_1/" + cloud
	mux.HandleFunc("GET "+api+"/ping", s.signed(func(w http.ResponseWriter, _ *http.Request) { reply(w, map[string]string{"status": "ok"}) }))
	mux.HandleFunc("POST "+api+"/raw/upload", s.signed(s.upload))
	mux.HandleFunc("POST "+api+"/raw/explicit", s.signed(s.explicit))
	mux.HandleFunc("POST "+api+"/raw/destroy", s.signed(s.destroy))
	mux.HandleFunc("GET "+api+"/resources/raw/upload", s.signed(s.list))
	mux.HandleFunc("GET "+api+"/resources/raw/upload/{id...}", s.signed(s.resource))
	mux.HandleFunc("GET /"+cloud+"/raw/upload/{id...}", s.deliver)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.spoil == nil || !s.spoil(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// config returns the configuration of a store that uses the server.
func (s *server) config(t *testing.T) cloudinary.Config {
	t.Helper()
	c, err := cloudinary.Parse("cloudinary://" + cloud + "/an/album?api=" + s.URL + "&delivery=" + s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.Key, c.Secret = key, secret
	return c
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	reply(w, map[string]any{"error": map[string]string{"message": message}})
}

// signed lets through who knows the secret.
func (s *server) signed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if k, sec, _ := r.BasicAuth(); k != key || sec != secret {
			refuse(w, http.StatusUnauthorized, "api_secret mismatch")
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		next(w, r)
	}
}

func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	f, _, err := r.FormFile("file")
	if err != nil {
		refuse(w, http.StatusBadRequest, "Missing required parameter - file")
		return
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if part := r.Header.Get("Content-Range"); part != "" {
		var from, to, total int
		if _, err := fmt.Sscanf(part, "bytes %d-%d/%d", &from, &to, &total); err != nil || to-from+1 != len(content) {
			refuse(w, http.StatusBadRequest, "Invalid Content-Range")
			return
		}
		id := r.Header.Get("X-Unique-Upload-Id")
		if from != len(s.chunks[id]) {
			refuse(w, http.StatusBadRequest, "the chunk does not follow the last")
			return
		}
		s.chunks[id] = append(s.chunks[id], content...)
		if len(s.chunks[id]) < total {
			reply(w, map[string]any{"done": false, "kind": "upload"})
			return
		}
		content = s.chunks[id]
		delete(s.chunks, id)
	}
	id := r.FormValue("public_id")
	s.files[id] = &stored{content: content, created: time.Now(), context: contextOf(r)}
	reply(w, s.describe(id))
}

func contextOf(r *http.Request) map[string]string {
	name, value, _ := strings.Cut(r.FormValue("context"), "=")
	return map[string]string{name: value}
}

func (s *server) explicit(w http.ResponseWriter, r *http.Request) {
	f := s.files[r.FormValue("public_id")]
	if f == nil || r.FormValue("type") != "upload" {
		refuse(w, http.StatusNotFound, "Resource not found")
		return
	}
	maps.Copy(f.context, contextOf(r))
	reply(w, s.describe(r.FormValue("public_id")))
}

func (s *server) destroy(w http.ResponseWriter, r *http.Request) {
	id, result := r.FormValue("public_id"), "ok"
	if s.files[id] == nil {
		result = "not found"
	}
	delete(s.files, id)
	reply(w, map[string]string{"result": result})
}

// describe returns what the API says of a file.
func (s *server) describe(id string) map[string]any {
	f := s.files[id]
	return map[string]any{
		"public_id": id, "resource_type": "raw", "type": "upload", "bytes": len(f.content),
		"created_at": f.created.UTC().Format(time.RFC3339), "context": map[string]any{"custom": f.context},
	}
}

func (s *server) resource(w http.ResponseWriter, r *http.Request) {
	if s.files[r.PathValue("id")] == nil {
		refuse(w, http.StatusNotFound, "Resource not found - "+r.PathValue("id"))
		return
	}
	reply(w, s.describe(r.PathValue("id")))
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	var ids []string
	for id := range s.files {
		if strings.HasPrefix(id, r.FormValue("prefix")) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	from, _ := strconv.Atoi(r.FormValue("next_cursor"))
	most, _ := strconv.Atoi(r.FormValue("max_results"))
	to := min(len(ids), from+min(most, s.pages))
	answer := map[string]any{"resources": []any{}}
	for _, id := range ids[from:to] {
		answer["resources"] = append(answer["resources"].([]any), s.describe(id))
	}
	if to < len(ids) {
		answer["next_cursor"] = strconv.Itoa(to)
	}
	reply(w, answer)
}

// deliver is for anybody.
func (s *server) deliver(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		w.Header().Set("X-Cld-Error", "Resource not found - "+r.PathValue("id"))
		w.WriteHeader(http.StatusNotFound)
		return
	}
	http.ServeContent(w, r, "", f.created, bytes.NewReader(f.content))
}
