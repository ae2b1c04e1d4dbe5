package app

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/demo/cover"
	"github.com/antiphon-music/antiphon/internal/transport/adminapi"
	"github.com/antiphon-music/antiphon/internal/transport/django"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/node"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/ops"
	"github.com/antiphon-music/antiphon/internal/transport/webapi"
)

// dialect is what a wire format offers the program.
type dialect interface {
	Handler() http.Handler
	Operations() []kit.Operation
	Errors() []any // samples of the usual bodies of errors
}

// interfaces are the wire formats; those that are switched off are nil.
type interfaces struct{ node, django, web, admin dialect }

func (a *App) interfaces() interfaces {
	var i interfaces
	if a.Config.NodeAPI {
		i.node = a.nodeAPI()
	}
	if a.Config.DjangoAPI {
		i.django = a.djangoAPI()
	}
	if a.Config.WebApp {
		i.web, i.admin = a.webAPI(), a.adminAPI()
	}
	return i
}

func (a *App) recoverer() kit.Recoverer {
	return kit.Recoverer{Log: a.Log, Panicked: a.Metrics.Panicked}
}

func (a *App) nodeAPI() dialect {
	return node.New(node.Config{
		Accounts: a.Accounts, Catalog: a.Catalog, Chat: a.Chat, Stage: a.Stage,
		Identifier: a.identifier(), Addresses: a.addresses, Media: a.urls, Private: a.Config.Private, Origins: a.Config.AllowedOrigin, Recoverer: a.recoverer(),
		AudioLimit: int64(a.Config.AudioLimit), ImageLimit: int64(a.Config.ImageLimit),
		Answers: &kit.Answers{Revision: a.Catalog.Revision}, Log: a.Log,
	})
}

func (a *App) djangoAPI() dialect {
	return django.New(django.Config{
		Accounts: a.Accounts, Catalog: a.Catalog, Presence: a.Presence, Chat: a.Chat, Files: a.Files, Stage: a.Stage,
		Identifier: a.identifier(), Addresses: a.addresses, Media: a.urls, Private: a.Config.Private, Origins: a.Config.AllowedOrigin, Recoverer: a.recoverer(),
		AudioLimit: int64(a.Config.AudioLimit), ImageLimit: int64(a.Config.ImageLimit),
		Answers: &kit.Answers{Revision: a.Catalog.Revision}, Log: a.Log, Now: a.now,
	})
}

func (a *App) webAPI() dialect {
	return webapi.New(webapi.Config{
		Accounts: a.Accounts, Catalog: a.Catalog, Listening: a.Listening, Presence: a.Presence, Chat: a.Chat,
		Identifier: a.identifier(), Addresses: a.addresses, Media: a.urls, Private: a.Config.Private,
		Stage: a.Stage, Recoverer: a.recoverer(), Log: a.Log,
		Keys: a.keys, Providers: a.buildProviders(), Now: a.now,
		ImageLimit: int64(a.Config.ImageLimit), Version: Version(),
	})
}

func (a *App) adminAPI() dialect {
	return adminapi.New(adminapi.Config{
		Accounts: a.Accounts, Catalog: a.Catalog, Chat: a.Chat, Listening: a.Listening, Presence: a.Presence,
		Panel: a.Panel, Audit: a.Audit, Files: a.Files, Blobs: a.Blobs, Stage: a.Stage,
		Jobs: a.Jobs, LogTail: a.Tail, Cover: drawnCover,
		FreeSpace:  func() (int64, error) { return freeSpace(a.Config.MediaDir()) },
		AudioLimit: int64(a.Config.AudioLimit), ImageLimit: int64(a.Config.ImageLimit),
		Identifier: a.identifier(), Addresses: a.addresses, Media: a.urls, Recoverer: a.recoverer(), Now: a.now, Log: a.Log,
	})
}

// coverSize is that of a drawn cover, in pixels a side.
const coverSize = 640

// drawnCover returns a picture for music that came without, as a JPEG.
func drawnCover(seed uint64) ([]byte, error) {
	styles := [...]cover.Style{cover.Hills, cover.StillLife, cover.Neon, cover.Stamp}
	d := cover.Design{Style: styles[seed%uint64(len(styles))], Variant: 0, Seed: seed}
	return cover.Draw(d, coverSize)
}

// document describes the interfaces, and what the server has besides.
func (a *App) document(i interfaces) (*openapi.API, error) {
	operations, wrong := []kit.Operation{}, map[openapi.Dialect][]any{}
	for _, d := range []struct {
		name openapi.Dialect
		dialect
	}{{openapi.Node, i.node}, {openapi.Django, i.django}, {openapi.Web, i.web}, {openapi.Admin, i.admin}} {
		if d.dialect != nil {
			operations = append(operations, d.Operations()...)
			wrong[d.name] = d.Errors()
		}
	}
	return openapi.New(openapi.Config{
		Title: "Antiphon", Version: Version(), Summary: summary, Health: "/healthz",
		Server:     strings.TrimRight(a.Config.PublicURL, "/"),
		Operations: append(operations, ownOperations(a.Config.MetricsListen == "")...), Errors: wrong,
	})
}

// A description describes the interfaces. It is made when somebody first asks
// for it, for few do, and it takes more than all else that a start does.
type description struct {
	made func() (*openapi.API, error)
	log  *slog.Logger
}

func (a *App) describe(i interfaces) description {
	return description{sync.OnceValues(func() (*openapi.API, error) { return a.document(i) }), a.Log}
}

// part returns what serves a part of the description.
func (d description) part(of func(*openapi.API) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api, err := d.made()
		if err != nil {
			d.log.ErrorContext(r.Context(), "the interfaces cannot be described", "error", err)
			serverError(w, r)
			return
		}
		of(api).ServeHTTP(w, r)
	})
}

// Document returns the OpenAPI document of a server with this configuration, as
// indented JSON. It needs no database: the routes describe themselves.
func Document(c *config.Config) ([]byte, error) {
	a := &App{Config: c, Log: slog.New(slog.DiscardHandler), Metrics: ops.NewMetrics()}
	docs, err := a.document(a.interfaces())
	if err != nil {
		return nil, err
	}
	return docs.Document(), nil
}
