package socketio_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

func TestEmitWithAck(t *testing.T) {
	tests := []struct {
		name   string
		script string // after 422["ask","now"]
		end    func(c *client)
		want   string
	}{
		{"reply", "> 432[7,\"x\"]\n> 432[8]\nsilence", nil, "[7 x]"},
		{"empty reply", "> 432[]", nil, "[]"},
		{"binary reply", "> 461-2[{\"_placeholder\":true,\"num\":0}]\n> binary 0102", nil, "[[1 2]]"},
		{"another id first", "> 439[1]\n> 432[2]", nil, "[2]"},
		{"no reply", "", func(*client) { time.Sleep(11 * time.Second) }, "<timeout>"},
		{"late reply", "", func(c *client) { time.Sleep(11 * time.Second); c.play("> 432[]\nsilence") }, "<timeout>"},
		{"client goes", "", func(c *client) { c.drop() }, "<gone>"},
		{"client leaves", "> 41", nil, "<gone>"},
		{"reply and the end at once", "> 432[3]\n> 41", nil, "[3]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			setup := func(s *socketio.Server) {
				s.Of("/").OnDisconnect(func(s *socketio.Socket, _ engineio.Reason) {
					never := func(*socketio.Event, error) { t.Error("called after an error") }
					if err := s.EmitWithAck(0, never, "ask"); !errors.Is(err, socketio.ErrDisconnected) {
						t.Errorf("EmitWithAck to one who has gone: %v", err)
					}
				})
			}
			inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
				client, welcome := w.join(t, "")
				done := func(reply *socketio.Event, err error) {
					switch {
					case errors.Is(err, socketio.ErrAckTimeout):
						got = append(got, "<timeout>")
					case errors.Is(err, socketio.ErrDisconnected):
						got = append(got, "<gone>")
					default:
						values, err := reply.Values()
						must(t, err)
						if reply.WantsAck() {
							t.Error("a reply wants a reply")
						}
						got = append(got, fmt.Sprint(values))
					}
				}
				socket := w.Of("/").Socket(welcome.SID)
				if err := socket.EmitWithAck(0, done, "ask", make(chan int)); err == nil {
					t.Error("a channel was encoded")
				}
				must(t, socket.EmitWithAck(10*time.Second, done, "ask", "now"))
				client.want(`422["ask","now"]`)
				client.play("> 431[\"of the one that was not sent\"]\nsilence")
				client.play(test.script)
				if test.end != nil {
					test.end(client)
				}
				synctest.Wait()
				client.drop()
				if !slices.Equal(got, []string{test.want}) {
					t.Errorf("got %q, want %q once", got, test.want)
				}
			})
		})
	}
}

// Ack may be called long after the handler, from elsewhere, with whatever.
func TestLateAck(t *testing.T) {
	var kept *socketio.Event
	setup := func(s *socketio.Server) {
		s.Of("/").On("ask", func(_ *socketio.Socket, e *socketio.Event) { kept = e })
	}
	inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
		client, _ := w.join(t, "")
		client.play(`> 420["ask","what"]` + "\nsilence")
		if kept.Raw(0) != nil || kept.Len() != 0 {
			t.Error("arguments outlive their handler")
		}
		if err := kept.Ack(make(chan int)); err == nil {
			t.Error("a channel was encoded")
		}
		if err := kept.Ack(); !errors.Is(err, socketio.ErrAcknowledged) {
			t.Errorf("second Ack: %v", err)
		}
		client.play(`> 427["ask","what"]` + "\nsilence")
		must(t, kept.Ack(socketio.Raw(`{"a":1}`), []byte{1}))
		client.play("< 461-7[{\"a\":1},{\"_placeholder\":true,\"num\":0}]\n< binary 01")
		client.play(`> 428["ask"]` + "\nsilence")
		client.drop()
		must(t, kept.Ack())
	})
}

func TestBind(t *testing.T) {
	type song struct {
		Title string
		Cover []byte
	}
	var got []any
	setup := func(s *socketio.Server) {
		s.Of("/").On("x", func(_ *socketio.Socket, e *socketio.Event) {
			var a song
			var b []byte
			must(t, e.Bind(0, &a))
			must(t, e.Bind(1, &b))
			got = append(got, a.Title, string(a.Cover), string(b))
			if err := e.Bind(0, new(int)); err == nil {
				t.Error("a song became a number")
			}
			if e.Raw(2) != nil || e.Raw(-1) != nil {
				t.Error("there is a third argument")
			}
		})
	}
	inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
		client, _ := w.join(t, "")
		client.play(`
			> 452-["x",{"title":"A","cover":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]
			> binary 6231
			> binary 6230
			> 42["x",{"title":"B","cover":"YzA="},"YzE="]
			> 42["x",{}]
			silence`)
		if want := []any{"A", "b0", "b1", "B", "c0", "c1", "", "", ""}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
