package node

import "net/http"

// allowedMethods is what a preflight is told, on any path.
const allowedMethods = "GET,HEAD,PUT,PATCH,POST,DELETE"

// cors says on every answer which origin's pages may read it: the caller's if
// it is one of ours, else the main one, which keeps others out.
func (d *Dialect) cors(w http.ResponseWriter, r *http.Request, base string) {
	origin := r.Header.Get("Origin")
	if !d.c.Origins.Allowed(origin, base) {
		origin = base
		if len(d.c.Origins) > 0 {
			origin = d.c.Origins[0]
		}
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Vary", "Origin")
	h.Set("Access-Control-Allow-Credentials", "true")
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
