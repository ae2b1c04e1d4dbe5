package kit

import (
	"net/http"
	"time"
)

// Uploads and long lists get more time than the server's tight deadlines, in
// proportion to their size: whoever is slower than this pace is cut off.
const (
	slowestPace = 32 << 10 // bytes a second
	extraTime   = time.Minute
)

// AllowUpload gives a request time to send a body of at most limit bytes, and
// to be answered afterwards. Call it once it is known that the caller may
// upload.
func AllowUpload(w http.ResponseWriter, r *http.Request, limit int64) {
	size := r.ContentLength
	if size < 0 || size > limit {
		size = limit
	}
	until := time.Now().Add(extraTime + time.Duration(size/slowestPace)*time.Second)
	c := http.NewResponseController(w)
	// Not every writer has deadlines (those of tests do not); the server's own hold then.
	_ = c.SetReadDeadline(until)
	_ = c.SetWriteDeadline(until.Add(extraTime))
}
