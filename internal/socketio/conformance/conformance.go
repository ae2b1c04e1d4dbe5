// Package conformance holds the applications that the public test suites of
// Engine.IO and Socket.IO expect of the server they run against, so that the
// suites can be run against this one, and its own tests with the official
// client have something to talk to.
//
// The suites are those of the repository socketio/socket.io: the protocol suites
// docs/engine.io-protocol/v4-test-suite and docs/socket.io-protocol/v5-test-suite,
// and the client's tests in packages/socket.io-client/test. The command
// cmd/conformance serves these applications where the suites look for them.
package conformance

import (
	"log/slog"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/bundle"
)

// A handler does what one event asks for.
type handler func(s *socketio.Socket, e *socketio.Event) error

// handle has the handlers called for the events of n. What they cannot do goes
// to log; the suite sees it as an answer that does not come.
func handle(n *socketio.Namespace, log *slog.Logger, handlers map[string]handler) {
	for event, do := range handlers {
		n.On(event, func(s *socketio.Socket, e *socketio.Event) {
			if err := do(s, e); err != nil {
				log.Warn("conformance: an event went wrong", "event", event, "error", err)
			}
		})
	}
}

// Mount puts a Socket.IO server and the browser's client at /socket.io/, and an
// Engine.IO server, unless it is nil, at /engine.io/. Pages of every origin may
// use them, because the suites can be run in a browser, too.
func Mount(socket, engine http.Handler) http.Handler {
	files := bundle.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		switch {
		case r.Method == http.MethodOptions:
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
			h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			w.WriteHeader(http.StatusNoContent)
		case bundle.Has(r.URL.Path):
			files.ServeHTTP(w, r)
		case r.URL.Path == "/socket.io/":
			socket.ServeHTTP(w, r)
		case r.URL.Path == "/engine.io/" && engine != nil:
			engine.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}
