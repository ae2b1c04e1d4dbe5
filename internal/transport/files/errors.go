package files

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const notFound = "There is no such file."

// fail answers with an error of the layers below.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody is there to read an answer
	}
	var e *errs.Error
	errors.As(err, &e)
	switch errs.KindOf(err) {
	case errs.Forbidden:
		refuse(w, http.StatusForbidden, "The address is not signed, or has expired. Sign in, or ask for a new one.")
	case errs.NotFound:
		refuse(w, http.StatusNotFound, notFound)
	case errs.Unavailable:
		h.log.ErrorContext(r.Context(), "serving a file", "path", r.URL.Path, "error", err)
		w.Header().Set("Retry-After", strconv.Itoa(kit.RetryAfter(e.RetryAfter)))
		refuse(w, http.StatusServiceUnavailable, "The file cannot be read at the moment.")
	default:
		h.log.ErrorContext(r.Context(), "serving a file", "path", r.URL.Path, "error", err)
		refuse(w, http.StatusInternalServerError, "The file could not be read.")
	}
}

// refuse answers with a status and a sentence.
func refuse(w http.ResponseWriter, status int, message string) {
	// A string always encodes.
	text, _ := json.Marshal(message)
	body := `{"message":` + string(text) + `}`
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The client may be gone by now; there is nobody else to tell.
	_, _ = w.Write([]byte(body))
}
