package files

import (
	"net/http"
	"time"
)

const (
	// linkLife is how long an address in the storage holds: a player fetches more
	// of a song from it for as long as it plays.
	linkLife = 6 * time.Hour

	// linkAge is how long the redirect to it may be remembered.
	linkAge = time.Hour
)

// redirect points to the file in its storage.
func (h *Handler) redirect(w http.ResponseWriter, r *http.Request, f File, k keeping) {
	link, err := h.links.Link(r.Context(), f.Key, safeType(f.ContentType), h.shelf.now().Add(linkLife))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	header["Access-Control-Allow-Origin"] = []string{"*"}
	header["Cache-Control"] = k.redirect()
	header["Location"] = []string{link}
	w.WriteHeader(http.StatusFound)
}
