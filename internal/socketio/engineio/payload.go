package engineio

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// payload takes the packets of a polling payload, up to the first that is none,
// which ends the session.
func (s *Session) payload(body []byte) {
	for packet := range bytes.SplitSeq(body, []byte{separator}) {
		if !s.record(packet) {
			s.end(ParseError, farewell{polling: packetClose})
			return
		}
	}
}

// record takes one packet of a payload: text, or 'b' and base64.
func (s *Session) record(packet []byte) bool {
	if len(packet) > 0 && packet[0] == 'b' {
		data, err := base64.StdEncoding.AppendDecode(nil, packet[1:])
		if err != nil {
			return false
		}
		s.deliver(data, true)
		return true
	}
	return s.packet(packet, farewell{polling: packetNoop, linger: true})
}

// packet takes one text packet, over whichever transport; false if it is none.
// closed is how a session ends that the client closes.
func (s *Session) packet(packet []byte, closed farewell) bool {
	if len(packet) == 0 || !utf8.Valid(packet) {
		return false
	}
	switch packet[0] {
	case packetMessage:
		s.deliver(packet[1:], false)
	case packetPong:
		s.pong()
	case packetClose:
		s.end(TransportClose, closed)
	case packetPing: // pings come from the server
		s.end(TransportError, farewell{polling: packetClose})
	case packetOpen, packetUpgrade, packetNoop:
	default:
		return false
	}
	return true
}

// writePayload answers a poll; through a script if there is a callback.
func writePayload(w http.ResponseWriter, callback string, payload []byte) {
	w.Header().Set("Cache-Control", "no-store")
	if callback != "" {
		payload = script(callback, payload)
	}
	write(w, http.StatusOK, "text/plain; charset=UTF-8", payload)
}

// jsonp returns the number of the callback of a client that polls by script
// elements, as pages did before there was CORS; "" for the others. It is false
// if that is not a number, which a script must not be made of.
func jsonp(query url.Values) (callback string, ok bool) {
	callback = query.Get("j")
	return callback, len(callback) <= 20 && strings.Trim(callback, "0123456789") == ""
}

// script is a payload as a call of the client's callback. encoding/json escapes
// what is special in a script: <, >, & and the line separators of Unicode.
func script(callback string, payload []byte) []byte {
	literal, err := json.Marshal(string(payload))
	if err != nil {
		panic(err) // a string can be encoded
	}
	return []byte("___eio[" + callback + "](" + string(literal) + ");")
}

// jsonpBody returns the payload of a form that a JSONP client posts. It sends a
// line feed as \n, and \n as \\n, because browsers change line feeds in forms.
func jsonpBody(body []byte) []byte {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	return []byte(strings.NewReplacer(`\\n`, `\n`, `\n`, "\n").Replace(form.Get("d")))
}
