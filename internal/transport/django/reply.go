package django

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A reply is the answer to a call.
type reply struct {
	status  int
	body    []byte // JSON; nil for none
	header  []headerField
	session bool // the session was looked at or changed, so that the answer varies by cookie
}

type headerField struct{ name, value string }

// set adds a header. The name is in canonical form.
func (r *reply) set(name, value string) { r.header = append(r.header, headerField{name, value}) }

// sets reports whether the answer sets a cookie of the name.
func (r *reply) sets(cookie string) bool {
	return slices.ContainsFunc(r.header, func(f headerField) bool {
		return f.name == "Set-Cookie" && strings.HasPrefix(f.value, cookie+"=")
	})
}

// ok is an answer of status 200.
func ok(body []byte) reply { return reply{status: http.StatusOK, body: body} }

// detail is an answer of status 200 that says one thing.
func detail(text string) reply {
	return ok(append(appendString([]byte(`{"detail":`), text), '}'))
}

// Values of Vary. The reference looks at cookies only if no Authorization
// header told who asks.
var (
	varyOrigin  = []string{"origin"}
	varyToken   = []string{"Accept, origin"}
	varySession = []string{"Accept, Cookie, origin"}

	contentJSON = []string{"application/json"}
	contentHTML = []string{"text/html; charset=utf-8"}
	denied      = []string{"DENY"}
	noSniff     = []string{"nosniff"}
	sameOrigin  = []string{"same-origin"}
)

// layOut breaks the body into lines indented by so many spaces; 0 leaves it as
// it is.
func (a *reply) layOut(indent int) {
	if indent == 0 || len(a.body) == 0 {
		return
	}
	var b bytes.Buffer
	if err := json.Indent(&b, a.body, "", strings.Repeat(" ", indent)); err == nil {
		a.body = b.Bytes()
	}
}

// write sends an answer.
func write(w http.ResponseWriter, body bool, a reply) {
	h := w.Header()
	for _, f := range a.header {
		if f.name == "Set-Cookie" {
			h.Add(f.name, f.value)
		} else {
			h[f.name] = []string{f.value}
		}
	}
	if a.body != nil && h["Content-Type"] == nil {
		h["Content-Type"] = contentJSON
	}
	h["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	if a.status == http.StatusNoContent {
		delete(h, "Content-Length") // net/http writes none either
	}
	w.WriteHeader(a.status)
	if body && len(a.body) > 0 {
		_, _ = w.Write(a.body) // whoever does not take his answer has gone
	}
}
