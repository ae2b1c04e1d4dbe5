package node

import "net/http"

// crossSite reports whether another site made a browser send the request.
func (d *Dialect) crossSite(r *http.Request, base string) bool {
	if d.c.Origins.Allowed(r.Header.Get("Origin"), base) {
		return false
	}
	return d.sameSite.Check(r) != nil
}
