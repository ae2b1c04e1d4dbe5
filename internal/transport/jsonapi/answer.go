package jsonapi

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/transport/fastpath"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	jsonType = "application/json; charset=utf-8"
	// nothingKept is for answers that are nobody else's business; asksAgain for
	// those that a browser may keep if it asks each time whether they still hold.
	nothingKept = "no-store"
	asksAgain   = "private, no-cache"
)

// answer writes what a handler returned.
func (c *Call) answer(out any) {
	if _, sent := out.(Sent); sent {
		return
	}
	status := c.route.status()
	if out == nil {
		if status == http.StatusOK {
			status = http.StatusNoContent
		}
		c.headers(status)
		c.W.WriteHeader(status)
		return
	}
	c.write(status, out)
}

// status is that of success.
func (rt *Route) status() int {
	switch {
	case rt.Status != 0:
		return rt.Status
	case rt.Out == nil:
		return http.StatusNoContent
	}
	return http.StatusOK
}

// write sends a value as JSON.
func (c *Call) write(status int, v any) {
	body, err := encode(v)
	if err != nil {
		c.api.c.Log.ErrorContext(c.Context(), "an answer could not be written", "path", c.route.Path, "error", err)
		status, body = http.StatusInternalServerError, []byte(`{}`)
	}
	if status == http.StatusOK {
		fastpath.Allow(c.Context())
	}
	c.headers(status)
	h := c.W.Header()
	h.Set("Content-Type", jsonType)
	encoded := &kit.Encoded{Body: body}
	if c.route.Cached && status == http.StatusOK {
		encoded = kit.NewEncoded(body)
		h.Set("ETag", encoded.ETag)
		if kit.Fresh(c.R, encoded.ETag) {
			h.Del("Content-Type")
			c.W.WriteHeader(http.StatusNotModified)
			return
		}
	}
	c.W.WriteHeader(status)
	if c.R.Method != http.MethodHead {
		_, _ = c.W.Write(encoded.Body) // the client may be gone by now; there is nobody else to tell
	}
}

// headers sets those of every answer.
func (c *Call) headers(status int) {
	h := c.W.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") != "" {
		return
	}
	if c.route.Cached && status == http.StatusOK {
		h.Set("Cache-Control", asksAgain)
	} else {
		h.Set("Cache-Control", nothingKept)
	}
}

// encode returns JSON as it is in the texts, without escapes for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
