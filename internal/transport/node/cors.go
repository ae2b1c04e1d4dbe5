package node

import "net/http"

// allowedMethods is what a preflight is told, on any path.
const allowedMethods = "GET,HEAD,PUT,PATCH,POST,DELETE"

// Values of headers as net/http keeps them; nobody changes them.
var (
	varyOrigin  = []string{"Origin"}
	credentials = []string{"true"}
)

// cors says on every answer which origin's pages may read it: the caller's if
// it is one of ours, else the main one, which keeps others out.
func (d *Dialect) cors(w http.ResponseWriter, r *http.Request, base string) {
	allowed := d.mainOrigin
	if origin := r.Header.Get("Origin"); d.c.Origins.Allowed(origin, base) {
		allowed = []string{origin}
	} else if allowed == nil {
		allowed = []string{base}
	}
	h := w.Header()
	h["Access-Control-Allow-Origin"] = allowed
	h["Vary"] = varyOrigin
	h["Access-Control-Allow-Credentials"] = credentials
}

// preflight answers OPTIONS, on any path.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Vary", "Origin, Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", allowedMethods)
	if wanted := r.Header.Get("Access-Control-Request-Headers"); wanted != "" {
		h.Set("Access-Control-Allow-Headers", wanted)
	}
	w.WriteHeader(http.StatusNoContent)
}

// crossSite reports whether another site made a browser send the request.
func (d *Dialect) crossSite(r *http.Request, base string) bool {
	if d.c.Origins.Allowed(r.Header.Get("Origin"), base) {
		return false
	}
	return d.sameSite.Check(r) != nil
}
