// Package webapi is what the web app asks the server for: the player, people,
// chat and the own account, as JSON below /web/api/. What happens meanwhile
// comes over Socket.IO (docs/wire/realtime.md).
//
// Songs and albums go by their numbers, users and messages by the ids that
// Socket.IO has for them: "user_…" and ObjectIds.
package webapi

import (
	"log/slog"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/listening"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/secret"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Prefix is where the routes live.
const Prefix = "/web/api/"

// Config are the parts the API is made of.
type Config struct {
	Accounts  *account.Service
	Catalog   *catalog.Service
	Listening *listening.Service
	Presence  *presence.Service
	Chat      *chat.Service

	Identifier kit.Identifier
	Addresses  kit.Addresses
	Media      kit.MediaURLs
	Private    bool // nobody but who is signed in sees anything
	Stage      *media.Stage
	Recoverer  kit.Recoverer
	Log        *slog.Logger
	Keys       *secret.Keys // seal what a browser carries to another place to sign in and back
	Providers  []*oidc.Provider
	Now        func() time.Time
	ImageLimit int64  // bytes of a picture
	Version    string // of the product
}

// New returns the API.
func New(c Config) *jsonapi.API {
	return jsonapi.New(jsonapi.Config{
		Prefix: Prefix, Private: c.Private, Routes: (&web{c}).routes(), Identifier: c.Identifier, Addresses: c.Addresses,
		Stage: c.Stage, Recoverer: c.Recoverer, Log: c.Log,
	})
}

// web has the handlers.
type web struct{ c Config }
