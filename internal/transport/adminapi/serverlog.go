package adminapi

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// LogTail hands out what the server logs.
type LogTail interface {
	// Subscribe returns what was logged last, oldest first, and a channel of
	// what is logged from then on, until stop is called. The channel is closed
	// when the server stops. Whoever does not keep up misses records. Attributes
	// are in no groups, and secrets are hidden.
	Subscribe() (last []slog.Record, next <-chan slog.Record, stop func())
}

// lineJSON is a line of the log.
type lineJSON struct {
	Time    time.Time         `json:"time"`
	Level   string            `json:"level" doc:"debug, info, warn or error"`
	Message string            `json:"message"`
	Attrs   map[string]string `json:"attrs"`
}

const (
	// aliveEvery is how often a stream that has nothing to tell says so, and
	// whether its reader may still read is looked up.
	aliveEvery = 20 * time.Second
	// slowestRead is how long a reader may take for one piece of the stream.
	slowestRead = 30 * time.Second
)

// levels are the least levels one may ask for; the first is that of whoever
// does not say.
var levels = []string{"debug", "info", "warn", "error"}

// serverLog answers GET /server-log, with server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (a *api) serverLog(c *jsonapi.Call) (any, error) {
	if a.LogTail == nil {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	word, err := c.Choice("level", levels...)
	if err != nil {
		return nil, err
	}
	var least slog.Level
	if err := least.UnmarshalText([]byte(word)); err != nil {
		return nil, err
	}
	last, next, stop := a.LogTail.Subscribe()
	defer stop()
	h := c.W.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // a proxy would hold the lines back
	s := stream{w: c.W, control: http.NewResponseController(c.W), least: least}
	if c.R.Method == http.MethodHead || s.send([]byte(": the log\n\n")) != nil {
		return jsonapi.Sent{}, nil
	}
	for _, r := range last {
		if s.record(r) != nil {
			return jsonapi.Sent{}, nil
		}
	}
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	for {
		var err error
		select {
		case <-c.Context().Done():
			return jsonapi.Sent{}, nil
		case r, open := <-next:
			if !open {
				return jsonapi.Sent{}, nil
			}
			err = s.record(r)
		case <-alive.C:
			if !a.stillAdmin(c.Context(), c.Actor) {
				return jsonapi.Sent{}, nil // the browser asks again, and is told why not
			}
			err = s.send([]byte(": alive\n\n"))
		}
		if err != nil {
			return jsonapi.Sent{}, nil // the reader has gone
		}
	}
}

// stillAdmin reports whether an actor, who was an administrator, still is one by
// the credential that he came by.
func (a *api) stillAdmin(ctx context.Context, actor account.Actor) bool {
	ended, err := a.Accounts.Ended(ctx, []account.Credential{actor.Credential()})
	if err != nil || len(ended) > 0 {
		return false
	}
	u, err := a.Accounts.User(ctx, account.Operator(), actor.User.ID)
	return err == nil && u.Admin
}

// stream writes server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	least   slog.Level
}

// record sends a record unless it is below the level.
func (s stream) record(r slog.Record) error {
	if r.Level < s.least {
		return nil
	}
	line := lineJSON{r.Time.UTC(), strings.ToLower(r.Level.String()), r.Message, map[string]string{}}
	r.Attrs(func(attr slog.Attr) bool {
		line.Attrs[attr.Key] = attr.Value.String()
		return true
	})
	body, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return s.send(bytes.Join([][]byte{[]byte("data: "), body, []byte("\n\n")}, nil))
}

func (s stream) send(piece []byte) error {
	// Not every writer has a deadline (those of tests do not).
	_ = s.control.SetWriteDeadline(time.Now().Add(slowestRead))
	if _, err := s.w.Write(piece); err != nil {
		return err
	}
	return s.control.Flush()
}
