package socketio_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

func TestOnDisconnectWaitsForTheHandler(t *testing.T) {
	var resume chan struct{}
	var got []string
	setup := func(s *socketio.Server) {
		n := s.Of("/")
		n.On("slow", func(*socketio.Socket, *socketio.Event) {
			<-resume
			got = append(got, "handled")
		})
		n.On("more", func(*socketio.Socket, *socketio.Event) { t.Error("called after the end") })
		n.OnDisconnect(func(*socketio.Socket, engineio.Reason) { got = append(got, "gone") })
	}
	inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
		resume = make(chan struct{}) // in the bubble
		client, welcome := w.join(t, "")
		client.send(`42["slow"]`)
		go client.send(`42["more"]`) // a pipe has no buffer
		synctest.Wait()
		w.Of("/").Socket(welcome.SID).Disconnect(false)
		client.want("41")
		if len(got) != 0 {
			t.Errorf("got %q while the handler runs", got)
		}
		close(resume)
		client.wantSilence()
		if !slices.Equal(got, []string{"handled", "gone"}) {
			t.Errorf("got %q", got)
		}

		_, welcome = w.join(t, "")
		w.Of("/").Socket(welcome.SID).Disconnect(true)
		if !slices.Equal(got, []string{"handled", "gone", "gone"}) {
			t.Errorf("got %q", got)
		}
	})
}

// However many ends there are at once, each socket is told of one, and has been
// told of its beginning before.
func TestEveryEndIsToldOnce(t *testing.T) {
	var begun, ended atomic.Int64
	setup := func(s *socketio.Server) {
		n := s.Of("/")
		n.OnConnect(func(s *socketio.Socket) {
			s.SetData(new(atomic.Int64))
			s.Join("all", s.ID()+"'s")
			begun.Add(1)
		})
		n.OnDisconnect(func(s *socketio.Socket, _ engineio.Reason) {
			ended.Add(1)
			if s.Data().(*atomic.Int64).Add(1) != 1 {
				t.Error("told twice")
			}
		})
		n.On("x", func(s *socketio.Socket, _ *socketio.Event) {
			if s.Data().(*atomic.Int64).Load() != 0 {
				t.Error("an event after the end")
			}
		})
	}
	inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
		n := w.Of("/")
		var wg sync.WaitGroup
		for i := range 40 {
			client := w.dial(t)
			wg.Go(func() {
				client.send("40")
				for range 5 {
					client.send(`42["x"]`)
				}
				if i%3 == 0 {
					client.send("41")
				}
				client.conn.Close()
			})
			wg.Go(func() {
				for s := range n.Sockets() {
					s.Leave("all")
					s.Disconnect(i%2 == 0)
				}
				_ = n.To("all").Emit("y")
			})
		}
		wg.Wait()
		synctest.Wait()
		if begun.Load() != ended.Load() || n.Len() != 0 {
			t.Errorf("%d beginnings, %d ends, %d remain", begun.Load(), ended.Load(), n.Len())
		}
		must(t, n.To("all").Emit("nobody"))
	})
}
