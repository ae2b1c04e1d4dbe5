package app

import (
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/adminapi"
	"github.com/antiphon-music/antiphon/internal/transport/files"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/ops"
	"github.com/antiphon-music/antiphon/internal/transport/webapi"
	"github.com/antiphon-music/antiphon/internal/transport/webui"
	"github.com/antiphon-music/antiphon/web"
)

// Handler returns the whole server.
func (a *App) Handler() (http.Handler, error) {
	i := a.interfaces()
	docs := a.describe(i)
	front := a.members(docs.part((*openapi.API).Landing))
	if a.Config.WebApp {
		var err error
		if front, err = webui.New(webui.Config{
			Files: web.Dist(), API: i.web.Handler(), Prefix: webapi.Prefix, Media: a.urls, Private: a.Config.Private, Log: a.Log,
		}); err != nil {
			return nil, err
		}
	}
	mw := ops.NewMiddleware(a.Log, a.Metrics)
	rest := mw.Wrap("other", a.recoverer().Wrap(a.rest(docs, front), serverError))
	media := mw.Wrap("media", a.recoverer().Wrap(files.New(files.Config{
		Names: names{a.Files}, Blobs: a.Blobs, Sizes: a.Sizes, Links: a.links(), Copies: a.copies(),
		URLs: a.urls, Identifier: a.identifier(), Log: a.Log,
		Revision: func() uint64 { return a.Catalog.Revision() + a.Accounts.Revision() }, // both only rise
	}), serverError))
	return a.unlisted(&router{
		node: mounted(mw, "node", i.node), django: mounted(mw, "django", i.django),
		web: mounted(mw, "web", i.web), admin: mounted(mw, "admin", i.admin), media: media,
		// Not wrapped: a poll waits by nature, and would be logged as slow.
		realtime: a.Realtime.Handler(), rest: rest,
	}), nil
}

// rest is what is no dialect's: the pages, and the operator's paths. What has
// no path of its own goes to front.
func (a *App) rest(docs description, front http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/healthz", http.HandlerFunc(ops.Healthz))
	mux.Handle("/readyz", &ops.Readyz{Log: a.Log, Now: a.now, Checks: []ops.Check{
		{Name: "database", Run: a.Store.Ready},
		{Name: "media", Run: a.Blobs.Writable},
	}})
	if a.Config.MetricsListen == "" {
		mux.Handle("/metrics", a.only(account.Administrator, "Only admins see the metrics", a.Metrics.Handler()))
	} else {
		mux.Handle("/metrics", http.NotFoundHandler()) // they are elsewhere, and no page of the app
	}
	mux.Handle("/api/schema/", a.members(docs.part((*openapi.API).Schema)))
	mux.Handle("/api/docs/", a.members(docs.part((*openapi.API).Docs)))
	if a.Config.Private {
		mux.HandleFunc("/robots.txt", noRobots)
	}
	if a.Config.WebApp {
		mux.Handle("/admin", http.RedirectHandler("/admin/", http.StatusPermanentRedirect))
	}
	mux.Handle("/", front)
	return mux
}

func mounted(mw *ops.Middleware, area string, d dialect) http.Handler {
	if d == nil {
		return nil
	}
	return mw.Wrap(area, d.Handler())
}

// router sends a request to its part of the server, by the path as it was
// sent: http.ServeMux would redirect paths that it finds unclean, and a client
// of a dialect must get that dialect's answer to every path.
type router struct{ node, django, web, admin, media, realtime, rest http.Handler }

// ServeHTTP implements http.Handler.
func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt.choose(r.URL.Path).ServeHTTP(w, r)
}

func (rt *router) choose(path string) http.Handler {
	switch {
	case strings.HasPrefix(path, kit.MediaPrefix):
		return rt.media
	case path == "/socket.io", strings.HasPrefix(path, "/socket.io/"):
		return rt.realtime
	case rt.web != nil && strings.HasPrefix(path, webapi.Prefix):
		return rt.web
	case rt.admin != nil && strings.HasPrefix(path, adminapi.Prefix):
		return rt.admin
	case strings.HasPrefix(path, "/api/schema/"), strings.HasPrefix(path, "/api/docs/"), !isAPI(path):
		return rt.rest
	case rt.django != nil && (isDjango(path) || rt.node == nil):
		return rt.django
	case rt.node != nil && (!isDjango(path) || rt.django == nil):
		return rt.node
	}
	return rt.rest
}

// isAPI reports whether a path is a dialect's: under /api, in any case, since
// Express does not mind it, and however many slashes lead.
func isAPI(path string) bool {
	path = strings.ToLower("/" + strings.TrimLeft(path, "/"))
	return path == "/api" || strings.HasPrefix(path, "/api/")
}

// isDjango reports whether a path is of the Django dialect: it ends in a slash
// or in a format suffix.
func isDjango(path string) bool {
	return strings.HasSuffix(path, "/") || strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".api")
}

func serverError(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "Internal server error", http.StatusInternalServerError)
}
