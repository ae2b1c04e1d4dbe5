package ops

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// scrape returns the lines of the metrics that hold a text.
func scrape(t *testing.T, m *Metrics, part string) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var found []string
	for line := range strings.Lines(w.Body.String()) {
		if strings.Contains(line, part) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

func TestMetrics(t *testing.T) {
	m := NewMetrics()
	h := NewMiddleware(slog.New(slog.DiscardHandler), m).Wrap("node", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
	}))
	for _, method := range []string{"GET", "GET", "POST", "BREW", "get", "PROPFIND"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, "/"+method, nil))
	}
	m.Panicked()
	got := strings.Join(scrape(t, m, "_count{"), "\n")
	want := `antiphon_http_request_duration_seconds_count{area="node",method="GET",status="200"} 2
antiphon_http_request_duration_seconds_count{area="node",method="POST",status="201"} 1
antiphon_http_request_duration_seconds_count{area="node",method="other",status="200"} 3`
	if got != want {
		t.Errorf("counted:\n%s\nwant:\n%s", got, want)
	}
	if got := scrape(t, m, "antiphon_panics_total 1"); len(got) != 1 {
		t.Errorf("panics: %v", got)
	}
	if got := scrape(t, m, "go_goroutines "); len(got) != 3 { // with its help and its type
		t.Errorf("of the runtime: %v", got)
	}
}
