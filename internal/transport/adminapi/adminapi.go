// Package adminapi is the HTTP interface of the admin panel: lists, forms and
// actions that are the same code for every model, driven by one declaration a
// model, and what the panel shows besides: a dashboard, uploads, jobs, the log.
//
// To add a model, declare it in a file of its own, as in album.go, and name it
// in registry.go. The web app draws whatever the declaration says.
package adminapi

import (
	"log/slog"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Prefix is where the routes live.
const Prefix = "/admin/api/"

// Config are the parts the interface is made of.
type Config struct {
	Accounts  *account.Service
	Catalog   *catalog.Service
	Chat      *chat.Service
	Listening *listening.Service
	Presence  *presence.Service
	Panel     *panel.Service
	Audit     *audit.Log
	Files     *file.Service
	Blobs     media.Blobs
	Stage     *media.Stage

	Jobs    *jobs.Service
	LogTail LogTail // nil if the log is not kept
	// Cover draws a picture, as an image file, for music that came without; the
	// same seed gives the same picture.
	Cover func(seed uint64) ([]byte, error)
	// FreeSpace returns how many bytes there is room for; nil if nobody knows.
	FreeSpace func() (int64, error)

	AudioLimit int64 // bytes of an audio file
	ImageLimit int64 // bytes of an image

	Identifier kit.Identifier
	Addresses  kit.Addresses
	Media      kit.MediaURLs
	Recoverer  kit.Recoverer
	Now        func() time.Time
	Log        *slog.Logger
}

// api answers the routes.
type api struct {
	Config
	models []*Model

	// albumOfTags keeps two uploads from both adding the album that they name.
	albumOfTags sync.Mutex
}

// New returns the interface over its parts.
func New(c Config) *jsonapi.API {
	a := &api{Config: c, models: models(c)}
	return jsonapi.New(jsonapi.Config{
		Prefix: Prefix, Routes: a.routes(), Stage: c.Stage,
		Identifier: c.Identifier, Addresses: c.Addresses, Recoverer: c.Recoverer, Log: c.Log,
	})
}
