package bundle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/citest"
)

// files are the hashes (SHA-256) of what npm has.
var files = map[string]string{
	"socket.io.js":             "e135466dffd976ef028000a211a6dfd4dda0f5a91af760f122585131f4ee9936",
	"socket.io.js.map":         "cfce7ead20857eec01b8174c8428fe5cb57e767afdd23f0b880e0ca2ff37424c",
	"socket.io.min.js":         "d5d79a35039e860b32bdef4795528b05c2f788d4b2d9dacc913120e2878f7b3f",
	"socket.io.min.js.map":     "f3bb40c9acac4071f1875bb9f09f113b0ccbc14bed1d1c46963bf64b41a3d6fe",
	"socket.io.esm.min.js":     "771c3872e7d9bf81020615fda67ef0fd2aa61fcaf1990100714a46fa2c39f8a1",
	"socket.io.esm.min.js.map": "c9d398fa2ec6a2154406f992a9fe32dfbbe8fda8b4804ee2d292d131362d731f",
}

// installed is where the tests of the client install it; the same files are in
// its package, too.
const installed = "../testdata/client/node_modules/socket.io-client/dist/"

func get(t *testing.T, method, path string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header = header
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) []byte {
	t.Helper()
	var from io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		plain, err := gzip.NewReader(from)
		if err != nil {
			t.Fatal(err)
		}
		from = plain
	}
	data, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFiles(t *testing.T) {
	for name, want := range files {
		t.Run(name, func(t *testing.T) {
			data := body(t, get(t, http.MethodGet, Prefix+name, nil))
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
				t.Errorf("sha256 is %x, want %s", sum, want)
			}
			packed := body(t, get(t, http.MethodGet, Prefix+name, http.Header{"Accept-Encoding": {"gzip, br"}}))
			if !bytes.Equal(packed, data) {
				t.Error("the compressed file is another")
			}
			npm, err := os.ReadFile(installed + name)
			if errors.Is(err, fs.ErrNotExist) {
				citest.Missing(t, "the client is not installed: run npm ci in testdata/client to compare with it")
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(npm, data) {
				t.Error("differs from the installed file: the versions of the bundle and of testdata/client must be the same")
			}
		})
	}
}

func TestVersion(t *testing.T) {
	for name := range files {
		data := body(t, get(t, http.MethodGet, Prefix+name, nil))
		if !strings.HasSuffix(name, ".map") && !bytes.Contains(data[:100], []byte("Socket.IO v"+Version+"\n")) {
			t.Errorf("%s begins with %q, not with version %s", name, data[:100], Version)
		}
	}
}

func TestHeaders(t *testing.T) {
	const script, source = Prefix + "socket.io.js", Prefix + "socket.io.js.map"
	tests := []struct {
		name, method, path string
		header             http.Header
		status             int
		want               map[string]string
		empty              bool
	}{
		{"script", "GET", script, nil, 200, map[string]string{
			"Content-Type": "application/javascript; charset=utf-8", "Cache-Control": "public, max-age=0", "Etag": `"` + Version + `"`,
			"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": ""}, false},
		{"query", "GET", script + "?v=1", nil, 200, nil, false},
		{"source map", "GET", source, nil, 200, map[string]string{"Content-Type": "application/json; charset=utf-8"}, false},
		{"compressed", "GET", script, http.Header{"Accept-Encoding": {"br, GZIP;q=0.5"}}, 200, map[string]string{"Content-Encoding": "gzip"}, false},
		{"any coding", "GET", script, http.Header{"Accept-Encoding": {"*"}}, 200, map[string]string{"Content-Encoding": "gzip"}, false},
		{"refuses gzip", "GET", script, http.Header{"Accept-Encoding": {"*, gzip; q=0"}}, 200, map[string]string{"Content-Encoding": ""}, false},
		{"damaged weight", "GET", script, http.Header{"Accept-Encoding": {"gzip;q=much"}}, 200, map[string]string{"Content-Encoding": ""}, false},
		{"known", "GET", script, http.Header{"If-None-Match": {`"` + Version + `"`}}, 304, map[string]string{"Etag": `"` + Version + `"`}, true},
		{"known weakly", "GET", script, http.Header{"If-None-Match": {`"1.0.0", W/"` + Version + `"`}}, 304, nil, true},
		{"known otherwise", "GET", script, http.Header{"If-None-Match": {`"4.7.0"`}}, 200, nil, false},
		{"unknown file", "GET", Prefix + "nope.js", nil, 404, map[string]string{"X-Content-Type-Options": "nosniff"}, false},
		{"post", "POST", script, nil, 405, map[string]string{"Allow": "GET, HEAD"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := get(t, tt.method, tt.path, tt.header)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			for name, want := range tt.want {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if empty := len(body(t, res)) == 0; empty != tt.empty {
				t.Errorf("empty is %t, want %t", empty, tt.empty)
			}
		})
	}
}

func TestHead(t *testing.T) {
	server := httptest.NewServer(Handler())
	defer server.Close()
	res, err := http.Head(server.URL + Prefix + "socket.io.min.js")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("ETag") != etag || len(body(t, res)) != 0 {
		t.Errorf("%s, ETag %q", res.Status, res.Header.Get("ETag"))
	}
}

func TestHas(t *testing.T) {
	for path, want := range map[string]bool{
		"/socket.io/socket.io.js":                  true,
		"/socket.io/socket.io.esm.min.js.map":      true,
		"/socket.io/":                              false,
		"/socket.io/nope.js":                       false,
		"/socket.io/LICENSE":                       false,
		"/socket.io/socket.io.js.gz":               false,
		"/socket.io/../socket.io/socket.io.js":     false,
		"/socket.io/x/../socket.io.js":             false,
		"/elsewhere/socket.io.js":                  false,
		"/socket.io/" + strings.Repeat("x", 1<<16): false,
	} {
		if got := Has(path); got != want {
			t.Errorf("Has(%.40q) = %t", path, got)
		}
	}
}
