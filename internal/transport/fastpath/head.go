package fastpath

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
)

// A head is the line and the header of an answer. It is made over and over, of
// fields that mostly are called as in the answer before.
type head struct {
	text  []byte
	names []string // of the fields that text has, in order
}

// write makes the text anew. It takes what [http.Header.Write] takes and leaves
// out what that leaves out.
func (h *head) write(status int, header http.Header) {
	h.line(status)
	if !h.fields(header) {
		h.line(status)
		maps.DeleteFunc(header, func(name string, _ []string) bool { return !httpguts.ValidHeaderFieldName(name) })
		h.names = slices.Sorted(maps.Keys(header))
		h.fields(header)
	}
	h.text = append(h.text, "\r\n"...)
}

func (h *head) line(status int) {
	h.text = strconv.AppendInt(append(h.text[:0], "HTTP/1.1 "...), int64(status), 10)
	h.text = append(h.text, ' ')
	if text := http.StatusText(status); text != "" {
		h.text = append(h.text, text...)
	} else {
		h.text = strconv.AppendInt(append(h.text, "status code "...), int64(status), 10)
	}
	h.text = append(h.text, "\r\n"...)
}

// fields appends the fields, and reports whether names are those of the header.
func (h *head) fields(header http.Header) bool {
	for _, name := range h.names {
		values, ok := header[name]
		if !ok {
			return false
		}
		for _, v := range values {
			h.text = append(append(h.text, name...), ": "...)
			h.text = append(append(h.text, oneLine(v)...), "\r\n"...)
		}
	}
	return len(h.names) == len(header)
}

// oneLine returns a value that cannot begin a field of its own.
func oneLine(value string) string {
	if strings.IndexByte(value, '\n') >= 0 || strings.IndexByte(value, '\r') >= 0 {
		value = strings.NewReplacer("\n", " ", "\r", " ").Replace(value)
	}
	return strings.Trim(value, " \t")
}

// A second is one with its date as a header says it.
type second struct {
	unix int64
	date []string
}

var latest atomic.Pointer[second]

// date returns the value of a Date field, which nobody may change.
func date(now time.Time) []string {
	s := latest.Load()
	if s == nil || s.unix != now.Unix() {
		s = &second{now.Unix(), []string{now.UTC().Format(http.TimeFormat)}}
		latest.Store(s)
	}
	return s.date
}
