package django

import "net/http"

// corsMethods and corsHeaders are what pages of other origins may use.
const (
	corsMethods = "DELETE, GET, OPTIONS, PATCH, POST, PUT"
	corsHeaders = "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with"
	corsMaxAge  = "86400" // seconds
)

// cors tells browsers which pages may read the answer, and answers a
// preflight request itself: then it returns true.
func (d *Dialect) cors(h http.Header, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	allowed := d.origins.Allowed(origin, "")
	if allowed {
		h["Access-Control-Allow-Origin"] = []string{origin}
		h["Access-Control-Allow-Credentials"] = []string{"true"}
	}
	if r.Method != http.MethodOptions || r.Header["Access-Control-Request-Method"] == nil {
		return false
	}
	if allowed {
		h["Access-Control-Allow-Headers"] = []string{corsHeaders}
		h["Access-Control-Allow-Methods"] = []string{corsMethods}
		h["Access-Control-Max-Age"] = []string{corsMaxAge}
	}
	h["Content-Type"] = contentHTML
	h["Content-Length"] = []string{"0"}
	return true
}
