package app

import (
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/django"
	"github.com/antiphon-music/antiphon/internal/transport/files"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/node"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/ops"
)

// dialect is what a wire format offers the program.
type dialect interface {
	Handler() http.Handler
	Operations() []kit.Operation
	Errors() []any // samples of the usual bodies of errors
}

// Handler returns the whole server.
func (a *App) Handler() (http.Handler, error) {
	identifier := kit.Identifier{Accounts: a.Accounts}
	origins := kit.Origins(a.Config.AllowedOrigin)
	recoverer := kit.Recoverer{Log: a.Log, Panicked: a.Metrics.Panicked}

	var nodeAPI, djangoAPI dialect
	var operations []kit.Operation
	wrong := map[openapi.Dialect][]any{}
	if a.Config.NodeAPI {
		nodeAPI = node.New(node.Config{
			Accounts: a.Accounts, Catalog: a.Catalog, Chat: a.Chat, Stage: a.Stage,
			Identifier: identifier, Addresses: a.addresses, Origins: origins, Recoverer: recoverer,
			AudioLimit: int64(a.Config.AudioLimit), ImageLimit: int64(a.Config.ImageLimit),
			Answers: &kit.Answers{Revision: a.Catalog.Revision}, Log: a.Log,
		})
		operations = append(operations, nodeAPI.Operations()...)
		wrong[openapi.Node] = nodeAPI.Errors()
	}
	if a.Config.DjangoAPI {
		djangoAPI = django.New(django.Config{
			Accounts: a.Accounts, Catalog: a.Catalog, Presence: a.Presence, Chat: a.Chat, Files: a.Files, Stage: a.Stage,
			Identifier: identifier, Addresses: a.addresses, Origins: origins, Recoverer: recoverer,
			AudioLimit: int64(a.Config.AudioLimit), ImageLimit: int64(a.Config.ImageLimit),
			Answers: &kit.Answers{Revision: a.Catalog.Revision}, Log: a.Log, Now: now,
		})
		operations = append(operations, djangoAPI.Operations()...)
		wrong[openapi.Django] = djangoAPI.Errors()
	}
	docs, err := openapi.New(openapi.Config{
		Title: "Antiphon", Version: Version(), Summary: summary, Health: "/healthz",
		Server:     strings.TrimRight(a.Config.PublicURL, "/"),
		Operations: append(operations, ownOperations(a.Config.MetricsListen == "")...), Errors: wrong,
	})
	if err != nil {
		return nil, err
	}

	mw := ops.NewMiddleware(a.Log, a.Metrics)
	mux := http.NewServeMux()
	mux.Handle("/healthz", http.HandlerFunc(ops.Healthz))
	mux.Handle("/readyz", &ops.Readyz{Log: a.Log, Now: now, Checks: []ops.Check{
		{Name: "database", Run: a.Store.Ready},
		{Name: "media", Run: a.Blobs.Writable},
	}})
	if a.Config.MetricsListen == "" {
		mux.Handle("/metrics", adminOnly(identifier, a.Metrics.Handler()))
	}
	mux.Handle("/api/schema/", docs.Schema())
	mux.Handle("/api/docs/", docs.Docs())
	mux.Handle("/", docs.Landing())

	media := mw.Wrap("media", recoverer.Wrap(files.New(files.Config{
		Names: names{a.Files}, Blobs: a.Blobs, Sizes: a.Sizes, Log: a.Log,
		Revision: func() uint64 { return a.Catalog.Revision() + a.Accounts.Revision() }, // both only rise
	}), serverError))
	rest := mw.Wrap("other", recoverer.Wrap(mux, serverError))
	return &router{
		node: mounted(mw, "node", nodeAPI), django: mounted(mw, "django", djangoAPI), media: media,
		// Not wrapped: a poll waits by nature, and would be logged as slow.
		realtime: a.Realtime.Handler(), rest: rest,
	}, nil
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
type router struct{ node, django, media, realtime, rest http.Handler }

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

func adminOnly(i kit.Identifier, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := i.Caller(r)
		switch {
		case err != nil:
			http.Error(w, "The accounts cannot be read at the moment", http.StatusServiceUnavailable)
		case !c.Actor.Known():
			w.Header().Set("WWW-Authenticate", "Token")
			http.Error(w, "Only admins see the metrics", http.StatusUnauthorized)
		case !c.Actor.Admin():
			http.Error(w, "Only admins see the metrics", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
