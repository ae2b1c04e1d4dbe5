package kit

import "net/http"

// CORS says which origins' pages may read answers, as the cors module of
// Express does with a list of origins and credentials
// (https://github.com/expressjs/cors).
type CORS struct {
	origins Origins
	main    []string // the first of the origins, as a header's value; nil if there is none
}

// NewCORS returns the CORS for a list of origins.
func NewCORS(o Origins) CORS {
	c := CORS{origins: o}
	if len(o) > 0 {
		c.main = o[:1:1]
	}
	return c
}

// allowedMethods is what a preflight is told, on any path.
const allowedMethods = "GET,HEAD,PUT,PATCH,POST,DELETE"

// Values of headers as net/http keeps them; nobody changes them.
var (
	varyOrigin  = []string{"Origin"}
	credentials = []string{"true"}
)

// Allow says on an answer which origin's pages may read it: the caller's if it
// is one of ours, else the main one, which keeps others out. base is the
// server's own address.
func (c CORS) Allow(w http.ResponseWriter, r *http.Request, base string) {
	allowed := c.main
	if origin := first(r.Header, "Origin"); c.origins.Allowed(origin, base) {
		allowed = []string{origin}
	} else if allowed == nil {
		allowed = []string{base}
	}
	h := w.Header()
	h["Access-Control-Allow-Origin"] = allowed
	h["Vary"] = varyOrigin
	h["Access-Control-Allow-Credentials"] = credentials
}

// Preflight answers OPTIONS, on any path, after Allow.
func Preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Vary", "Origin, Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", allowedMethods)
	if wanted := r.Header.Get("Access-Control-Request-Headers"); wanted != "" {
		h.Set("Access-Control-Allow-Headers", wanted)
	}
	w.WriteHeader(http.StatusNoContent)
}
