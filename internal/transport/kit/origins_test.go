package kit

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAllowOrigins(t *testing.T) {
	origins := Origins{"http://localhost:3000", "https://app.example.org"}
	tests := []struct {
		origin  string
		allowed bool
	}{
		{"", false},
		{"http://localhost:3000", true},
		{"https://app.example.org", true},
		{"http://music.example.org", true}, // the server's own
		{"https://music.example.org", false},
		{"http://localhost:3001", false},
		{"https://app.example.org.evil.example", false},
		{"https://APP.example.org", false}, // browsers send it in lower case
		{"null", false},
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h := AllowOrigins(origins, Addresses{}, next)
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodGet, "http://music.example.org/", nil)
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		want := ""
		if tt.allowed {
			want = tt.origin
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("to a page of %q: %q, want %q", tt.origin, got, want)
		}
		if w.Header().Get("Vary") != "Origin" || w.Code != http.StatusTeapot {
			t.Errorf("to a page of %q: %d %v", tt.origin, w.Code, w.Header())
		}
	}
}

// A page whose origin has no name must not be the server's own, whatever the
// Host header says.
func TestOriginOfNobody(t *testing.T) {
	if (Origins{}).Allowed("", "") {
		t.Error("no origin is allowed")
	}
}
