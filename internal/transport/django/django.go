// Package django speaks the Django dialect: the REST API of the Django
// reference, byte for byte, for clients that were written for it.
//
// A request goes through serve.go (who asks, in which form, by which method),
// the table in routes.go, and a handler in the file of its subject, which
// reads fields (fields.go), asks a service and returns a reply. Only serve.go
// writes answers, and only errors.go words errors. docs/wire/django.md tells
// clients what to expect.
package django

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Config are the parts a Dialect is made of.
type Config struct {
	Accounts   *account.Service
	Catalog    *catalog.Service
	Chat       *chat.Service
	Presence   *presence.Service
	Files      *file.Service // checks uploads, so that their errors are told with the others
	Stage      *media.Stage
	Identifier kit.Identifier
	Addresses  kit.Addresses
	Media      kit.MediaURLs
	Private    bool // nobody but who is signed in sees anything
	Origins    kit.Origins
	AudioLimit int64 // bytes
	ImageLimit int64 // bytes
	Recoverer  kit.Recoverer
	Answers    *kit.Answers
	Log        *slog.Logger
	Now        func() time.Time
}

// Dialect answers requests under /api/. It is safe for concurrent use.
type Dialect struct {
	accounts   *account.Service
	catalog    *catalog.Service
	chat       *chat.Service
	presence   *presence.Service
	files      *file.Service
	stage      *media.Stage
	identifier kit.Identifier
	addresses  kit.Addresses
	media      kit.MediaURLs
	private    bool
	origins    kit.Origins
	recoverer  kit.Recoverer
	answers    *kit.Answers
	log        *slog.Logger
	now        func() time.Time
	router     router
}

// New returns the dialect over its parts.
func New(c Config) *Dialect {
	d := &Dialect{
		accounts: c.Accounts, catalog: c.Catalog, chat: c.Chat, presence: c.Presence, files: c.Files, stage: c.Stage,
		identifier: c.Identifier, addresses: c.Addresses, media: c.Media, private: c.Private, origins: c.Origins,
		recoverer: c.Recoverer, answers: c.Answers, log: c.Log, now: c.Now,
	}
	d.router = newRouter(d.views(c.ImageLimit, c.AudioLimit))
	return d
}

// Handler returns the dialect as an HTTP handler of paths below /api/, which
// answers every path that is no route with 404.
func (d *Dialect) Handler() http.Handler {
	return d.recoverer.Wrap(http.HandlerFunc(d.serve), func(w http.ResponseWriter, _ *http.Request) {
		write(w, true, errorReply(errInternal))
	})
}
