package kit

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// timed notes its deadlines.
type timed struct {
	http.ResponseWriter
	read, write time.Time
}

func (w *timed) SetReadDeadline(t time.Time) error {
	w.read = t
	return nil
}

func (w *timed) SetWriteDeadline(t time.Time) error {
	w.write = t
	return nil
}

func TestAllowUpload(t *testing.T) {
	const mib = 1 << 20
	tests := []struct {
		name   string
		length int64
		want   int64 // bytes that there is to be time for
	}{
		{"a small one", 64 << 10, 64 << 10},
		{"an empty one", 0, 0},
		{"a large one", 100 * mib, 100 * mib},
		{"one over the limit", 1 << 60, 200 * mib},
		{"one of unknown length", -1, 200 * mib},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.ContentLength = tt.length
			w := &timed{ResponseWriter: httptest.NewRecorder()}
			before := time.Now()
			AllowUpload(w, r, 200*mib)
			after := time.Now()
			allowed := extraTime + time.Duration(tt.want/slowestPace)*time.Second
			if w.read.Before(before.Add(allowed)) || w.read.After(after.Add(allowed)) {
				t.Errorf("it may take until %v after the start, want %v", w.read.Sub(before), allowed)
			}
			if w.write.Sub(w.read) != extraTime {
				t.Errorf("%v are left for the answer, want %v", w.write.Sub(w.read), extraTime)
			}
		})
	}
	AllowUpload(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil), mib) // has no deadlines
}
