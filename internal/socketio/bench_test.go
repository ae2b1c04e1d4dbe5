package socketio_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// BenchmarkBroadcast measures what one Emit to 1,000 clients costs its caller:
// to encode the event and to queue it for each. The clients are polling ones
// that rarely poll, so that no write is measured.
func BenchmarkBroadcast(b *testing.B) {
	for _, bench := range []struct {
		name     string
		recovery socketio.Recovery
		target   func(n *socketio.Namespace) socketio.Target
	}{
		{"all", socketio.Recovery{}, (*socketio.Namespace).All},
		{"room", socketio.Recovery{}, func(n *socketio.Namespace) socketio.Target { return n.To("x").Except("y") }},
		{"recoverable", socketio.Recovery{Window: time.Minute}, (*socketio.Namespace).All},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := socketio.NewServer(socketio.Config{
				Engine:   engineio.Config{MaxQueue: 1 << 40, PingInterval: time.Hour},
				Recovery: bench.recovery,
			})
			n := s.Of("/")
			n.OnConnect(func(s *socketio.Socket) { s.Join("x") })
			clients := make([]string, 1000)
			for i := range clients {
				clients[i] = poller(b, s)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%1000 == 999 {
					b.StopTimer()
					for _, url := range clients {
						request(s, http.MethodGet, url, "")
					}
					b.StartTimer()
				}
				if err := bench.target(n).Emit("activity_updated", "6b02ffaeb782f731cff3a7c4", "Playing X by Y"); err != nil {
					b.Fatal(err)
				}
			}
			if n.Len() != len(clients) {
				b.Fatalf("%d clients are left", n.Len())
			}
		})
	}
}

// poller connects a polling client and returns its URL.
func poller(b *testing.B, s *socketio.Server) string {
	url := "/socket.io/?EIO=4&transport=polling"
	var open struct{ SID string }
	if err := json.Unmarshal([]byte(request(s, http.MethodGet, url, "")[1:]), &open); err != nil {
		b.Fatal(err)
	}
	url += "&sid=" + open.SID
	if answer := request(s, http.MethodPost, url, "40"); answer != "ok" {
		b.Fatalf("CONNECT was answered %s", answer)
	}
	return url
}

func request(s *socketio.Server, method, url, body string) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(method, url, strings.NewReader(body)))
	return w.Body.String()
}
