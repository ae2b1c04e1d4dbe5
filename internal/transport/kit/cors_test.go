package kit

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCORS(t *testing.T) {
	const base = "https://music.example.org"
	list := Origins{"http://localhost:3000", "https://other.example.org"}
	for _, tt := range []struct {
		origins      Origins
		origin, want string
	}{
		{list, "", "http://localhost:3000"},
		{list, "https://other.example.org", "https://other.example.org"},
		{list, base, base},
		{list, "http://evil.example", "http://localhost:3000"},
		{nil, "http://evil.example", base},
	} {
		r := httptest.NewRequest(http.MethodOptions, "/", nil)
		r.Header.Set("Origin", tt.origin)
		w := httptest.NewRecorder()
		NewCORS(tt.origins).Allow(w, r, base)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != tt.want || w.Header().Get("Vary") != "Origin" {
			t.Errorf("%q: %v, want %s", tt.origin, w.Header(), tt.want)
		}
		Preflight(w, r)
		if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Methods") == "" || w.Header().Get("Access-Control-Allow-Credentials") != "true" {
			t.Errorf("%q: preflight %d %v", tt.origin, w.Code, w.Header())
		}
	}
}
