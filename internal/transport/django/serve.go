package django

import (
	"context"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/fastpath"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A call is one request to a view.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	view   *view
	method string
	id     int64  // of the path; 0 for none, or one that no row can have
	text   string // what stands in the path in place of {id} or {key}
	format string
	query  params
	base   string // the server's address: "https://music.example.org"
	media  kit.Media
	caller kit.Caller
}

func (c *call) ctx() context.Context { return c.r.Context() }

// actor is who asks.
func (c *call) actor() account.Actor { return c.caller.Actor }

// maxQuery bounds the parameters of a query.
const maxQuery = 1000

// serve answers a request.
func (d *Dialect) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = sameOrigin
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Vary"] = varyOrigin
	if d.cors(h, r) {
		return
	}
	h["X-Frame-Options"] = denied
	c := &call{w: w, r: r, method: strings.ToUpper(r.Method)}
	body := c.method != http.MethodHead
	c.view, c.text, c.format = d.router.match(r.URL.Path)
	if c.view == nil {
		write(w, body, errorReply(errNotFound))
		return
	}
	h["Allow"] = c.view.allowHeader
	c.base = d.addresses.Base(r)
	c.media = d.media.From(c.base)
	if n, isNumber := parseInt(c.text); isNumber {
		c.id = n.id()
	}
	var whole bool
	c.query, whole = parseParams(r.URL.RawQuery, maxQuery)
	form, err := negotiate(r, c.query, c.format)
	h["Vary"] = varyToken
	if !whole {
		err = errLongQuery
	}
	if err != nil {
		write(w, body, errorReply(d.word(c.ctx(), err)))
		return
	}
	answer, err := d.answer(c)
	if err != nil {
		answer = errorReply(d.word(c.ctx(), err))
	}
	switch {
	case answer.status == http.StatusFound: // it has nothing to show
	case form.html:
		d.browsable(c, &answer)
	default:
		answer.layOut(form.indent)
	}
	if !c.caller.Header || answer.session || answer.isBare(r) {
		h["Vary"] = varySession
	}
	if answer.status == http.StatusOK {
		fastpath.Allow(c.ctx())
	}
	write(w, body, answer)
}

// isBare tells the answers without content, for which a part of the reference
// looks at the session unless a script asks.
func (a reply) isBare(r *http.Request) bool {
	return a.status == http.StatusNoContent && r.Header.Get("X-Requested-With") != "XMLHttpRequest"
}

// answer finds out who asks, whether he may, and has the view's handler answer
// him: in the order in which Django REST framework does it.
func (d *Dialect) answer(c *call) (reply, error) {
	var err error
	if c.caller, err = d.identifier.Caller(c.r); err != nil {
		return reply{}, err
	}
	m := c.view.method(c.method)
	if m.access == anybody && !c.view.checksToken && passedOver(c.r, c.caller.Problem) {
		c.caller = kit.Caller{} // a key that has expired is no worse than none where none is needed
	}
	if c.caller.Refusal != nil {
		return reply{}, refused(c.caller.Refusal)
	}
	if problem, bad := problems[c.caller.Problem]; bad {
		return reply{}, problem
	}
	if c.caller.Cookie {
		if err := d.checkCSRF(c); err != nil {
			return reply{}, err
		}
	}
	switch {
	case m.access >= known && !c.actor().Known():
		return reply{}, errAnonymous
	case m.access == admins && !c.actor().Admin():
		return reply{}, errForbidden
	case m.handle == nil:
		return reply{}, errMethod(c.method)
	}
	return m.handle(c)
}

// passedOver reports whether bad credentials count as none where none are
// needed: a key that was good once or may have been, and whatever follows
// "Bearer", which the reference does not read.
func passedOver(r *http.Request, p kit.Problem) bool {
	switch p {
	case kit.NoProblem:
		return false
	case kit.TokenUnknown, kit.UserInactive, kit.UserRefused:
		return true
	}
	word, _, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	return strings.EqualFold(word, "Bearer")
}
