package django

import (
	"bytes"
	_ "embed" // for the page
	"html/template"
	"net/http"
)

//go:embed browse.html
var browseHTML string

// browsePage shows an answer to people.
var browsePage = template.Must(template.New("browse").Parse(browseHTML))

// browsePolicy lets the page do nothing but be seen.
const browsePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// browseIndent is how far the page lays the JSON out.
const browseIndent = 4

// browsable turns an answer into a page that shows it. As in the reference the
// page brings the cookie for CSRF protection, and never is of status 204.
func (d *Dialect) browsable(c *call, a *reply) {
	a.layOut(browseIndent)
	var page bytes.Buffer
	err := browsePage.Execute(&page, map[string]any{
		"Name": c.view.meta.name, "About": c.view.meta.about,
		"Method": c.method, "Path": c.r.URL.RequestURI(),
		"Status": a.status, "StatusText": http.StatusText(a.status),
		"Allow": c.view.allow, "JSON": string(a.body),
	})
	if err != nil {
		d.log.ErrorContext(c.ctx(), "the browsable page failed", "error", err)
		return
	}
	if a.status == http.StatusNoContent {
		a.status = http.StatusOK
	}
	a.body = page.Bytes()
	a.session = true
	a.set("Content-Type", contentHTML[0])
	a.set("Content-Security-Policy", browsePolicy)
	if !a.sets(csrfCookie) {
		a.set("Set-Cookie", d.csrfSetCookie(c, false))
	}
}
