package engineio

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	transportPolling   = "polling"
	transportWebsocket = "websocket"
)

// A refusal is an answer to a request that the protocol has no place for.
type refusal struct {
	code    int
	message string
	status  int
}

// The refusals of the Node server, which clients know.
var (
	unknownTransport = refusal{0, "Transport unknown", http.StatusBadRequest}
	unknownSession   = refusal{1, "Session ID unknown", http.StatusBadRequest}
	badMethod        = refusal{2, "Bad handshake method", http.StatusBadRequest}
	badRequest       = refusal{3, "Bad request", http.StatusBadRequest}
	forbidden        = refusal{4, "Forbidden", http.StatusForbidden}
	badVersion       = refusal{5, "Unsupported protocol version", http.StatusBadRequest}
)

// write answers as the Node server does: with JSON, or with the bare message to
// who asked for a websocket.
func (f refusal) write(w http.ResponseWriter, r *http.Request) {
	if wantsWebsocket(r) {
		w.Header().Set("Connection", "close")
		write(w, f.status, "text/html", []byte(f.message))
		return
	}
	body := `{"code":` + strconv.Itoa(f.code) + `,"message":"` + f.message + `"}`
	write(w, f.status, "application/json", []byte(body))
}

// write writes a whole answer. An error is not of interest: who asked is gone.
func write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func wantsWebsocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// ServeHTTP answers handshakes, polls, posts and upgrades. Headers that are set
// already, such as those of CORS, go out with every answer, also with the one
// that opens a websocket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	query := r.URL.Query()
	transport := query.Get("transport")
	if transport != transportPolling && transport != transportWebsocket {
		unknownTransport.write(w, r)
		return
	}
	// A websocket is to be had by exactly the requests that ask for one.
	fits := wantsWebsocket(r) == (transport == transportWebsocket)
	if query.Get("sid") == "" {
		s.handshake(w, r, query, fits)
		return
	}
	session := s.find(query.Get("sid"))
	switch {
	case session == nil:
		unknownSession.write(w, r)
	case !fits:
		badRequest.write(w, r)
	case transport == transportWebsocket:
		s.upgrade(w, r, session)
	case r.Method == http.MethodGet:
		session.poll(w, r, query)
	case r.Method == http.MethodPost:
		session.post(w, r, query)
	default:
		badMethod.write(w, r)
	}
}

// handshake answers a request without a session id.
func (s *Server) handshake(w http.ResponseWriter, r *http.Request, query url.Values, fits bool) {
	var (
		origin any
		err    error
	)
	switch {
	case r.Method != http.MethodGet:
		badMethod.write(w, r)
		return
	case !fits:
		badRequest.write(w, r)
		return
	case query.Get("EIO") != "4":
		badVersion.write(w, r)
		return
	}
	if s.config.Admit != nil {
		if origin, err = s.config.Admit(r); err != nil {
			forbidden.write(w, r)
			return
		}
	}
	id := newID()
	if query.Get("transport") == transportWebsocket {
		s.acceptSession(w, r, id, origin)
		return
	}
	callback, ok := jsonp(query)
	if !ok {
		badRequest.write(w, r)
		return
	}
	session := s.newSession(id, origin, nil, nil)
	if session == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	session.open()
	writePayload(w, callback, []byte(s.openPacket(id, transportWebsocket)))
}

// newID returns a session id that nobody can guess: 120 random bits.
func newID() string {
	var random [15]byte
	rand.Read(random[:])
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// openPacket is the first packet of a session. It names the transports that the
// client may change to.
func (s *Server) openPacket(id string, upgrades ...string) string {
	packet := struct {
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"` // milliseconds
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}{
		id, append([]string{}, upgrades...),
		s.config.PingInterval.Milliseconds(), s.config.PingTimeout.Milliseconds(),
		s.config.MaxPayload,
	}
	body, err := json.Marshal(packet)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return string(packetOpen) + string(body)
}
