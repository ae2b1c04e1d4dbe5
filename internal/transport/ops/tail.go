package ops

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"unicode/utf8"
)

const (
	tailRecords = 200
	// maxLag is how many records a reader may lag behind.
	maxLag = 256
	// maxLogText is how much of a message or a value is kept, in bytes: a stack
	// trace fits.
	maxLogText = 8 << 10
)

// missedAttr tells a reader, on the next record that it gets, how many it
// missed before that one.
const missedAttr = "missed_before"

// Tail keeps the last records of the log, and shows them and those that come
// to whoever subscribes. Their attributes are texts without groups: one of a
// group is named "group.name", and secrets are hidden. It is safe for concurrent use.
type Tail struct {
	mu      sync.Mutex
	closed  bool
	records []slog.Record // the oldest first, tailRecords at most
	readers map[*reader]struct{}
}

// reader is one who subscribed. Both fields are guarded by the tail's mu.
type reader struct {
	records chan slog.Record
	missed  int // since the last record that went into records
}

// NewTail returns a tail without records.
func NewTail() *Tail { return &Tail{readers: map[*reader]struct{}{}} }

// Wrap returns a handler that has the tail keep what it passes on to next.
func (t *Tail) Wrap(next slog.Handler) slog.Handler { return &tailHandler{Handler: next, tail: t} }

// Subscribe returns the last records, the oldest first, and a channel of those
// after them until stop is called. The channel is closed when the tail is.
// Whoever reads too slowly misses records, and learns how many.
func (t *Tail) Subscribe() (last []slog.Record, next <-chan slog.Record, stop func()) {
	r := &reader{records: make(chan slog.Record, maxLag)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		close(r.records)
	} else {
		t.readers[r] = struct{}{}
	}
	return slices.Clone(t.records), r.records, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.readers, r)
	}
}

// Close ends all subscriptions, and those to come.
func (t *Tail) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for r := range t.readers {
		close(r.records)
	}
	clear(t.readers)
}

// add keeps a record and hands it to the readers that have room for it: nobody
// who reads the log may hold up the one who writes it.
func (t *Tail) add(kept slog.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.records) == tailRecords {
		t.records = slices.Delete(t.records, 0, 1)
	}
	t.records = append(t.records, kept)
	for r := range t.readers {
		record := kept
		if r.missed > 0 {
			record = kept.Clone()
			record.AddAttrs(slog.Int(missedAttr, r.missed))
		}
		select {
		case r.records <- record:
			r.missed = 0
		default:
			r.missed++
		}
	}
}

// tailHandler is Tail's slog.Handler, with what With and WithGroup added.
type tailHandler struct {
	slog.Handler
	tail   *Tail
	attrs  []slog.Attr
	groups string // the names of the open groups, each with a dot behind it
}

// Handle implements slog.Handler.
func (h *tailHandler) Handle(ctx context.Context, r slog.Record) error {
	attrs := slices.Clip(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		attrs = flattened(attrs, h.groups, a)
		return true
	})
	if id := RequestID(ctx); id != "" {
		attrs = append(attrs, slog.String("request_id", id))
	}
	kept := slog.NewRecord(r.Time, r.Level, clipped(r.Message), 0)
	kept.AddAttrs(attrs...)
	h.tail.add(kept)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h *tailHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	list := slices.Clip(h.attrs)
	for _, a := range attrs {
		list = flattened(list, h.groups, a)
	}
	return &tailHandler{h.Handler.WithAttrs(attrs), h.tail, list, h.groups}
}

// WithGroup implements slog.Handler.
func (h *tailHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return &tailHandler{h.Handler.WithGroup(name), h.tail, h.attrs, h.groups + name + "."}
}

// flattened appends an attribute, or those of a group, to a list.
func flattened(list []slog.Attr, groups string, a slog.Attr) []slog.Attr {
	a.Value = a.Value.Resolve()
	if a.Value.Kind() == slog.KindGroup {
		if a.Key != "" {
			groups += a.Key + "."
		}
		for _, inner := range a.Value.Group() {
			list = flattened(list, groups, inner)
		}
		return list
	}
	if a.Equal(slog.Attr{}) {
		return list
	}
	a = hideSecrets(nil, a)
	return append(list, slog.String(groups+a.Key, clipped(a.Value.String())))
}

// clipped shortens a text to what is kept of it, at a whole character.
func clipped(text string) string {
	if len(text) <= maxLogText {
		return text
	}
	end := maxLogText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
