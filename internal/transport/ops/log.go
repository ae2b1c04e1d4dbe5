package ops

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// NewLogger returns a logger that writes text or JSON, adds the request's id
// to what is logged with its context, and hides secrets.
func NewLogger(w io.Writer, level slog.Level, asJSON bool) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level, ReplaceAttr: hideSecrets}
	if asJSON {
		return slog.New(withRequestID{slog.NewJSONHandler(w, opts)})
	}
	return slog.New(withRequestID{slog.NewTextHandler(w, opts)})
}

// secrets are parts of the names of attributes whose values are never logged.
var secrets = []string{"password", "token", "cookie", "authorization", "secret", "csrf"}

func hideSecrets(_ []string, a slog.Attr) slog.Attr {
	name := strings.ToLower(a.Key)
	for _, s := range secrets {
		// A count of tokens is no secret; a text may be one.
		if strings.Contains(name, s) && a.Value.Kind() != slog.KindInt64 {
			return slog.String(a.Key, "[hidden]")
		}
	}
	return a
}

type withRequestID struct{ slog.Handler }

func (h withRequestID) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h withRequestID) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequestID{h.Handler.WithAttrs(attrs)}
}

func (h withRequestID) WithGroup(name string) slog.Handler {
	return withRequestID{h.Handler.WithGroup(name)}
}
