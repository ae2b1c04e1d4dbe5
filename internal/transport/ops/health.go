package ops

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Check is one part that has to work for the server to be of use.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// checkTimeout bounds how long a probe waits for a part.
const checkTimeout = 3 * time.Second

// Healthz answers 200 as long as the process serves at all.
func Healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// Readyz answers 200 if every part works, and 503 with the parts that do not.
// What is wrong with them goes to the log.
func Readyz(log *slog.Logger, checks ...Check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		status, code := map[string]string{"status": "ok"}, http.StatusOK
		for _, c := range checks {
			status[c.Name] = "ok"
			if err := c.Run(ctx); err != nil {
				log.ErrorContext(r.Context(), "not ready", "part", c.Name, "error", err)
				status[c.Name], status["status"], code = "failing", "unavailable", http.StatusServiceUnavailable
			}
		}
		writeJSON(w, code, status)
	}
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody to tell
}
