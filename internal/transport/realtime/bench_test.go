package realtime

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// BenchmarkReadMessage reads the payload of send_message, as a client sends it.
func BenchmarkReadMessage(b *testing.B) {
	for _, bench := range []struct{ name, content string }{
		{"short", "Hello, how are you?"},
		{"escapes", `She said \"hello\"\nand left \u00e9`},
		{"long", strings.Repeat("all work and no play ", 400)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			sent := handled(b, `{"receiverId":"user_9KxT3rFbWq5nMvC8dLpS1hJyZeU","senderId":"user_2ZqJ1wXkPr7mVbN4cTdY8sLfHgA","content":"`+bench.content+`"}`,
				func(sent *socketio.Event) {
					e := &event{Event: sent, from: &person{externalID: "user_2ZqJ1wXkPr7mVbN4cTdY8sLfHgA"}}
					b.ReportAllocs()
					for b.Loop() {
						if _, _, err := e.readMessage(); err != nil {
							b.Fatal(err)
						}
					}
				})
			if !sent {
				b.Fatal("the event did not arrive")
			}
		})
	}
}

// handled has do called with an event whose only argument is payload. It
// reports whether it was.
func handled(b *testing.B, payload string, do func(*socketio.Event)) (called bool) {
	s := socketio.NewServer(socketio.Config{Engine: engineio.Config{MaxPayload: 10_000_000}})
	s.Of("/").On("x", func(_ *socketio.Socket, sent *socketio.Event) {
		called = true
		do(sent)
	})
	request := func(method, url, body string) string {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, url, strings.NewReader(body)))
		return w.Body.String()
	}
	const url = "/socket.io/?EIO=4&transport=polling"
	var open struct{ SID string }
	if err := json.Unmarshal([]byte(request(http.MethodGet, url, "")[1:]), &open); err != nil {
		b.Fatal(err)
	}
	request(http.MethodPost, url+"&sid="+open.SID, "40\x1e42[\"x\","+payload+"]")
	return called
}
