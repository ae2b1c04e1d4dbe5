// Package node answers in the Node dialect: the REST API of the Node.js
// reference, with camelCase names, 24-digit ids and errors as {"message": "…"}.
//
// A request goes through ServeHTTP: the route is found in the table of
// routes.go, the caller is checked before any body is read, the route's
// handler asks the services and returns an answer, and answer.go writes it.
// errors.go words whatever went wrong. How values and messages look on the
// wire follows Express 4, mongoose 8 and Node 20, whose words clients show.
package node

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// Config are the parts a Dialect is made of.
type Config struct {
	Accounts   *account.Service
	Catalog    *catalog.Service
	Chat       *chat.Service
	Stage      *media.Stage
	Identifier kit.Identifier
	Addresses  kit.Addresses
	Media      kit.MediaURLs
	Private    bool        // nobody but who is signed in sees anything
	Origins    kit.Origins // whose pages may call; the first is named to all others
	AudioLimit int64       // bytes of an audio file
	ImageLimit int64       // bytes of an image
	Recoverer  kit.Recoverer
	Answers    *kit.Answers
	Log        *slog.Logger
}

// Dialect answers requests. It is safe for concurrent use.
type Dialect struct {
	c        Config
	routes   []route
	sameSite *http.CrossOriginProtection
	buffers  sync.Pool // of *[]byte, for lists
	people   directory
	cors     kit.CORS
}

// New returns the dialect over its parts.
func New(c Config) *Dialect {
	d := &Dialect{c: c, sameSite: http.NewCrossOriginProtection(), cors: kit.NewCORS(c.Origins)}
	d.routes = table(d.least())
	d.buffers.New = func() any { return new([]byte) }
	for i := range d.routes {
		d.routes[i].segments = strings.Split(d.routes[i].pattern[1:], "/")
	}
	return d
}

// Handler returns the handler of every path that is this dialect's.
func (d *Dialect) Handler() http.Handler {
	return d.c.Recoverer.Wrap(d, func(w http.ResponseWriter, r *http.Request) {
		writeFailure(w, r, &failure{http.StatusInternalServerError, textInternal})
	})
}

// A request is what a route's handler is given.
type request struct {
	*http.Request
	w     http.ResponseWriter // to bound and time the body; only answer.go writes to it
	base  string              // scheme and host of our own URLs
	media kit.Media           // of the files in the answer
	actor account.Actor       // anonymous on public routes
	param string              // decoded, "" if the route has none
	body  mongoose.Value      // of JSON, an empty object if there was none
}

// ServeHTTP answers one request.
func (d *Dialect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := d.c.Addresses.Base(r)
	d.cors.Allow(w, r, base)
	if r.Method == http.MethodOptions {
		kit.Preflight(w, r)
		return
	}
	q := &request{Request: r, w: w, base: base, media: d.c.Media.From(base)}
	a, err := d.answer(q)
	if err == nil {
		err = d.write(q, a)
	}
	if err != nil {
		writeFailure(w, r, d.word(w, r, err))
	}
}

// answer finds the route, checks the caller, then reads the body, in that
// order, and asks the route.
func (d *Dialect) answer(q *request) (answer, error) {
	p := cut(rawPath(q.Request))
	rt, param, paramErr := d.find(q.Method, p)
	access := d.least()
	switch {
	case p.under("api", "admin"): // whether there is such a route or not
		access = kit.Admin
	case rt != nil:
		access = rt.access
	}
	if err := d.authorize(q, access); err != nil {
		return answer{}, err
	}
	var err error
	if q.body, err = readJSON(q.w, q.Request); err != nil {
		return answer{}, err
	}
	if paramErr != nil {
		return answer{}, paramErr
	}
	if rt == nil {
		return answer{}, notRouted(q.Request)
	}
	q.param = param
	return rt.do(d, q)
}

// least is who has to ask whatever is asked for.
func (d *Dialect) least() kit.Access {
	if d.c.Private {
		return kit.SignedIn
	}
	return kit.Public
}

// authorize sets the actor, or returns why he may not go on. Public routes do
// not look who is asking.
func (d *Dialect) authorize(q *request, access kit.Access) error {
	if access == kit.Public {
		return nil
	}
	caller, err := d.c.Identifier.Caller(q.Request)
	if err != nil {
		return err
	}
	q.actor = caller.Actor
	if caller.Refusal != nil {
		return refusedUser(caller.Refusal)
	}
	if err := q.actor.RequireKnown(); err != nil {
		return err
	}
	if caller.Cookie && d.crossSite(q.Request, q.base) {
		return &failure{http.StatusForbidden, textCrossSite}
	}
	if access == kit.Admin {
		return q.actor.RequireAdmin()
	}
	return nil
}
