package ops

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Check is one part that has to work for the server to be of use.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

const (
	// checkTimeout bounds how long a probe waits for the parts.
	checkTimeout = 3 * time.Second
	// checkEvery is how long a result holds: a check writes, and anybody may ask.
	checkEvery = time.Second
)

// Healthz answers 200 as long as the process serves at all.
func Healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// Readyz answers 200 if every part works, and 503 with the parts that do not and
// when to ask again.
// What is wrong with them goes to the log. It is safe for concurrent use.
type Readyz struct {
	Log    *slog.Logger
	Checks []Check
	Now    func() time.Time

	mu      sync.Mutex
	checked time.Time
	code    int
	status  map[string]string
}

// ServeHTTP implements http.Handler.
func (z *Readyz) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Whoever asked first may leave; the result is for all who ask meanwhile.
	code, status := z.check(context.WithoutCancel(r.Context()))
	if code != http.StatusOK {
		w.Header().Set("Retry-After", strconv.Itoa(int(checkEvery.Seconds())))
	}
	writeJSON(w, code, status)
}

func (z *Readyz) check(ctx context.Context) (int, map[string]string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if now := z.Now(); z.status != nil && now.Sub(z.checked) < checkEvery {
		return z.code, z.status
	}
	limited, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	z.code, z.status = http.StatusOK, map[string]string{"status": "ok"}
	for _, c := range z.Checks {
		z.status[c.Name] = "ok"
		if err := c.Run(limited); err != nil {
			z.Log.ErrorContext(ctx, "not ready", "part", c.Name, "error", err)
			z.status[c.Name], z.status["status"], z.code = "failing", "unavailable", http.StatusServiceUnavailable
		}
	}
	z.checked = z.Now()
	return z.code, z.status
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the client has gone: nobody to tell
}
