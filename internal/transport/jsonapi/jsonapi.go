// Package jsonapi is what the product's own HTTP interfaces stand on: a table of
// routes whose handlers get a Call and return a value or an error.
//
// It finds out who is asking, keeps other sites' pages out, looks at the rights
// before the body, reads and writes JSON, words errors in one shape, and
// documents the routes. It knows no feature but accounts.
package jsonapi

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Route is one method of one path.
type Route struct {
	Method string // "GET", which answers HEAD as well
	Path   string // below the prefix, with parameters of one segment each: "songs/{id}/plays"
	Access kit.Access
	// Entrance keeps a Public route so on a private instance. Others are then
	// for whoever is signed in.
	Entrance bool
	Role     account.Role // the least role, where Access is SignedIn
	Summary  string       // one sentence without a full stop
	Tag      string       // the group in the documentation: "Songs"
	Query    []kit.Param
	// Examples are values of the path's parameters, for the documentation.
	Examples map[string]string

	In   any // a zero value of the struct that Call.JSON reads; nil for no JSON body
	Form any // likewise of a multipart body, for the documentation; nil for none
	// Files are the fields of a multipart body that may hold a file, with the
	// greatest size of each in bytes.
	Files map[string]int64
	// Fields are the wire's names of fields that a feature's errors call
	// otherwise. What is not in it is put into camel case: full_name is
	// fullName.
	Fields map[string]string

	Out     any          // a zero value of what Handle returns; nil for no body
	Status  int          // of success; 0 is 200, or 204 without Out
	Answers []kit.Answer // what else may be answered, for the documentation
	// Cached lets browsers keep the answer and ask whether it still holds.
	// Otherwise nothing is kept.
	Cached bool

	// Handle does the work. It returns what to answer, as JSON; or nil for an
	// answer without a body; or Sent if it has answered by itself.
	Handle func(*Call) (any, error)
}

// Sent is returned by a handler that has written its answer itself, such as a
// stream of events.
type Sent struct{}

// Config are the parts an API is made of.
type Config struct {
	Prefix     string // where the routes live: "/web/api/"
	Private    bool   // nobody but who is signed in sees anything
	Routes     []Route
	Identifier kit.Identifier
	Addresses  kit.Addresses
	Stage      *media.Stage // where uploads wait; may be nil if no route takes any
	Recoverer  kit.Recoverer
	Log        *slog.Logger
}

// API answers the requests below its prefix.
type API struct {
	c       Config
	router  router
	origins *http.CrossOriginProtection
}

// New returns the API of a table of routes. It panics if two of them are one.
func New(c Config) *API {
	if c.Private {
		c.Routes = closed(c.Routes)
	}
	a := &API{c: c, router: newRouter(c.Routes), origins: http.NewCrossOriginProtection()}
	if p := c.Addresses.Public; p != nil {
		// A proxy may not pass on the host that the browser sees. An address
		// that is no origin was refused with the configuration.
		_ = a.origins.AddTrustedOrigin(p.Scheme + "://" + p.Host)
	}
	return a
}

// closed returns the routes of a private instance.
func closed(routes []Route) []Route {
	list := slices.Clone(routes)
	for i, rt := range list {
		if rt.Access == kit.Public && !rt.Entrance {
			list[i].Access = kit.SignedIn
		}
	}
	return list
}

// Handler returns the handler of every path below the prefix.
func (a *API) Handler() http.Handler {
	return a.c.Recoverer.Wrap(http.HandlerFunc(a.serve), func(w http.ResponseWriter, r *http.Request) {
		c := a.call(w, r)
		c.write(http.StatusInternalServerError, a.problem(c, nil))
	})
}

// call is a request that has no route yet.
func (a *API) call(w http.ResponseWriter, r *http.Request) *Call {
	return &Call{W: w, R: r, api: a, route: &Route{}}
}

// serve answers one request.
func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	c := a.call(w, r)
	m, params := a.router.find(strings.TrimPrefix(r.URL.EscapedPath(), a.c.Prefix))
	rt := m.route(r.Method)
	switch {
	case m == nil:
		a.fail(c, notRouted())
		return
	case rt == nil:
		w.Header().Set("Allow", m.allowed())
		a.fail(c, wrongMethod(m.allowed()))
		return
	}
	c.route, c.params = rt, params
	defer c.close()
	if err := a.admit(c); err != nil {
		a.fail(c, err)
		return
	}
	out, err := rt.Handle(c)
	if err != nil {
		a.fail(c, err)
		return
	}
	c.answer(out)
}

// admit sets the call's actor, or returns why he may not go on.
func (a *API) admit(c *Call) error {
	caller, err := a.c.Identifier.Caller(c.R)
	if err != nil {
		return err
	}
	c.Actor = caller.Actor
	if !caller.Header { // which no other site's page can make a browser send
		if err := a.origins.Check(c.R); err != nil {
			return crossSite(err)
		}
	}
	switch {
	case c.route.Access == kit.Public:
		return nil
	case caller.Refusal != nil:
		return caller.Refusal
	case c.route.Access == kit.Admin:
		return c.Actor.RequireAdmin()
	}
	if err := c.Actor.RequireKnown(); err != nil {
		return err
	}
	return c.Actor.Require(c.route.Role)
}
