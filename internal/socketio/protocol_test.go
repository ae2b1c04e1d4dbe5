package socketio_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// echo is an application that shows what arrives.
func echo(s *socketio.Server) {
	greet := func(s *socketio.Socket, auth json.RawMessage) error {
		if strings.Contains(string(auth), "refuse") {
			return refusal{}
		}
		s.SetData(string(auth))
		return nil
	}
	show := func(s *socketio.Socket) { _ = s.Emit("auth", socketio.Raw(s.Data().(string))) }
	for _, name := range []string{"/", "/custom"} {
		n := s.Of(name)
		n.Use(greet)
		n.OnConnect(show)
		n.On("message", func(s *socketio.Socket, e *socketio.Event) {
			values, err := e.Values()
			if err == nil {
				err = s.Emit("message-back", values...)
			}
			if err != nil {
				_ = s.Emit("error", err.Error())
			}
		})
		n.On("message-with-ack", func(_ *socketio.Socket, e *socketio.Event) {
			values, _ := e.Values()
			_ = e.Ack(values...)
			_ = e.Ack("a second time")
		})
		n.OnOther(func(s *socketio.Socket, e *socketio.Event) { _ = s.Emit("other", e.Name, e.Len()) })
		n.On("panic", func(*socketio.Socket, *socketio.Event) { panic("as asked") })
	}
}

type refusal struct{}

func (refusal) Error() string { return "Not you" }
func (refusal) Data() any     { return map[string]any{"why": "<no reason>"} }

// play sends and expects what a script says, a line each: "> text", "> binary
// hex", "< text", "< binary hex", "silence" or "closed".
func (c *client) play(script string) {
	c.t.Helper()
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case line == "silence":
			c.wantSilence()
		case line == "closed":
			c.wantClosed()
		case strings.HasPrefix(line, "> binary "):
			data, err := hex.DecodeString(line[len("> binary "):])
			must(c.t, err)
			c.binary(data)
		case strings.HasPrefix(line, "> "):
			c.send(line[2:])
		case strings.HasPrefix(line, "< "):
			c.want(line[2:])
		default:
			c.t.Fatalf("what is %q?", line)
		}
	}
}

const connected = `
	> 40
	< 40{"sid":"…"}
	< 42["auth",{}]
`

func TestProtocol(t *testing.T) {
	tests := []struct{ name, script string }{
		// What the protocol's test suite asks for.
		{"connect to the main namespace", connected},
		{"connect with a payload", `
			> 40{"token":"123"}
			< 40{"sid":"…"}
			< 42["auth",{"token":"123"}]`},
		{"connect to another namespace", `
			> 40/custom,
			< 40/custom,{"sid":"…"}
			< 42/custom,["auth",{}]`},
		{"connect to another namespace with a payload", `
			> 40/custom,{"token":"abc"}
			< 40/custom,{"sid":"…"}
			< 42/custom,["auth",{"token":"abc"}]`},
		{"unknown namespace", `
			> 40/random
			< 44/random,{"message":"Invalid namespace"}
			silence`},
		{"no packet instead of CONNECT", "> 4abc\nclosed"},
		{"disconnect from the main namespace", connected + `
			> 41
			silence`},
		{"connect to and disconnect from another namespace", connected + `
			> 40/custom
			< 40/custom,{"sid":"…"}
			< 42/custom,["auth",{}]
			> 41/custom
			> 42["message","message to main namespace"]
			< 42["message-back","message to main namespace"]`},
		{"plain text", connected + `
			> 42["message",1,"2",{"3":[true]}]
			< 42["message-back",1,"2",{"3":[true]}]`},
		{"binary attachments", connected + `
			> 452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
			> binary 010203
			> binary 040506
			< 452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
			< binary 010203
			< binary 040506
			silence`},
		{"plain text with an acknowledgement", connected + `
			> 42456["message-with-ack",1,"2",{"3":[false]}]
			< 43456[1,"2",{"3":[false]}]
			silence`},
		{"binary with an acknowledgement", connected + `
			> 452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
			> binary 010203
			> binary 040506
			< 462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
			< binary 010203
			< binary 040506`},
		{"unknown packet type", connected + "> 4abc\nclosed"},
		{"packet type beyond the last", connected + "> 47\nclosed"},
		{"payload of the wrong shape", connected + "> 42{}\nclosed"},
		{"acknowledgement id that is no number", connected + "> 42abc[\"message-with-ack\"]\nclosed"},

		// Edges.
		{"empty message", connected + "> 4\nclosed"},
		{"query part of a namespace", `
			> 40/custom?token=x,{"a":1}
			< 40/custom,{"sid":"…"}
			< 42/custom,["auth",{"a":1}]`},
		{"main namespace by name", `
			> 40/,{"a":1}
			< 40{"sid":"…"}
			< 42["auth",{"a":1}]`},
		{"middleware refuses", `
			> 40{"refuse":1}
			< 44{"message":"Not you","data":{"why":"<no reason>"}}
			> 40
			< 40{"sid":"…"}
			< 42["auth",{}]`},
		{"event before CONNECT", `> 42["message",1]` + "\nclosed"},
		{"acknowledgement before CONNECT", "> 431[]\nclosed"},
		{"DISCONNECT before CONNECT", "> 41\nclosed"},
		{"event to a namespace that is not connected", connected + `> 42/custom,["message",1]` + "\nclosed"},
		{"event to a namespace that does not exist", connected + `> 42/random,["message",1]` + "\nclosed"},
		{"event after DISCONNECT", connected + "> 41\n" + `> 42["message",1]` + "\nclosed"},
		{"CONNECT after DISCONNECT", connected + "> 41\n" + connected},
		{"CONNECT twice", connected + "> 40\nclosed"},
		{"CONNECT with an array", "> 40[]\nclosed"},
		{"CONNECT with null", "> 40null\nclosed"},
		{"CONNECT with a string", "> 40\"x\"\nclosed"},
		{"CONNECT with broken JSON", "> 40{\nclosed"},
		{"DISCONNECT with a payload", connected + "> 41[]\nclosed"},
		{"CONNECT_ERROR from a client", connected + "> 44{}\nclosed"},
		{"event without a name", connected + "> 42[]\nclosed"},
		{"event without a payload", connected + "> 42\nclosed"},
		{"name that is no string", connected + "> 42[null]\nclosed"},
		{"numeric name", connected + "> 42[1,2]\n> 42[-0.5]\nsilence"},
		{"reserved name connect", connected + `> 42["connect"]` + "\nclosed"},
		{"reserved name connect_error", connected + `> 42["connect_error"]` + "\nclosed"},
		{"reserved name disconnect", connected + `> 42["disconnect","x"]` + "\nclosed"},
		{"reserved name disconnecting", connected + `> 42["disconnecting"]` + "\nclosed"},
		{"reserved name newListener", connected + `> 42["newListener"]` + "\nclosed"},
		{"reserved name removeListener, escaped", connected + `> 42["\u0072emoveListener"]` + "\nclosed"},
		{"escaped name", connected + `
			> 42["m\u0065ssage","\ud83d\ude00 <&> ü\u2028"]
			< 42["message-back","😀 <&> ü` + "\u2028" + `"]`},
		{"event without a handler", connected + `
			> 42["nope", 1 , [ 2 , 3 ] ]
			< 42["other","nope",2]`},
		{"empty name", connected + `
			> 42[""]
			< 42["other","",0]`},
		{"white space around the payload", connected + `
			> 42 [ "message" , { "a" : "]," } ]
			< 42["message-back",{"a":"],"}]`},
		{"broken JSON", connected + `> 42["message",]` + "\nclosed"},
		{"broken string", connected + `> 42["message","\` + "\nclosed"},
		{"something behind the payload", connected + `> 42["message"]]` + "\nclosed"},
		{"deep nesting", connected + `> 42["message",` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "]\nclosed"},
		{"unknown acknowledgement id", connected + "> 4312[]\nsilence"},
		{"acknowledgement without an id", connected + "> 43[]\nsilence"},
		{"acknowledgement that is no array", connected + "> 4312{}\nclosed"},
		{"acknowledgement id beyond all bounds", connected + `> 421234567890123456["message"]` + "\nclosed"},

		{"binary message that no packet announced", connected + "> binary 00\nclosed"},
		{"text while attachments are due", connected + `
			> 451-["message",{"_placeholder":true,"num":0}]
			> 42["message"]
			closed`},
		{"no attachments announced", connected + `
			> 450-["message",1]
			< 42["message-back",1]`},
		{"ten attachments", connected + `> 4510-["message"]` + strings.Repeat("\n> binary 00", 10) + `
			< 42["message-back"]`},
		{"eleven attachments", connected + `> 4511-["message"]` + "\nclosed"},
		{"number of attachments missing", connected + `> 45-["message"]` + "\nclosed"},
		{"number of attachments not ended", connected + `> 451["message"]` + "\nclosed"},
		{"placeholder without an attachment", connected + `
			> 451-["message",{"_placeholder":true,"num":1}]
			> binary 00
			closed`},
		{"placeholder with a negative number", connected + `
			> 451-["message",{"_placeholder":true,"num":-1}]
			> binary 00
			closed`},
		{"placeholder with a broken number", connected + `
			> 451-["message",{"_placeholder":true,"num":0.5}]
			> binary 00
			closed`},
		{"placeholder with a string for a number", connected + `
			> 451-["message",{"_placeholder":true,"num":"0"}]
			> binary 00
			closed`},
		{"nested placeholders, one attachment used twice", connected + `
			> 451-["message",{"a":[{"_placeholder":true,"num":0}],"b":{"_placeholder":true,"num":0}}]
			> binary 00ff
			< 452-["message-back",{"a":[{"_placeholder":true,"num":0}],"b":{"_placeholder":true,"num":1}}]
			< binary 00ff
			< binary 00ff`},
		{"what looks like a placeholder in a plain event", connected + `
			> 42["message",{"_placeholder":true,"num":7}]
			< 42["message-back",{"_placeholder":true,"num":7}]`},
		{"handler panics", connected + `> 42["panic"]` + "\nclosed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, socketio.Config{}, echo, func(t *testing.T, w *world) {
				witness := w.dial(t)
				witness.play(connected)
				w.dial(t).play(test.script)
				witness.play(`
					> 42["message","still here"]
					< 42["message-back","still here"]`)
			})
		})
	}
}

func TestConnectTimeout(t *testing.T) {
	c := socketio.Config{ConnectTimeout: 3 * time.Second}
	inWorld(t, c, echo, func(t *testing.T, w *world) {
		late, refused, there, gone := w.dial(t), w.dial(t), w.dial(t), w.dial(t)
		refused.play(`
			> 40{"refuse":1}
			< 44{"message":"Not you","data":{"why":"<no reason>"}}`)
		there.play(connected)
		gone.play(connected + "> 41")
		time.Sleep(2999 * time.Millisecond)
		late.wantSilence()
		time.Sleep(time.Millisecond)
		late.wantClosed()
		refused.wantClosed()
		there.wantSilence()
		gone.wantSilence()
	})
}

func TestAttachmentsTogetherAreAsLargeAsOneMessage(t *testing.T) {
	c := socketio.Config{Engine: engineio.Config{MaxPayload: 1000}}
	inWorld(t, c, echo, func(t *testing.T, w *world) {
		client := w.dial(t)
		client.play(connected)
		client.send(`452-["other"]`)
		client.binary(make([]byte, 500))
		client.binary(make([]byte, 500))
		client.want(`42["other","other",0]`)
		client.send(`452-["other"]`)
		client.binary(make([]byte, 500))
		client.binary(make([]byte, 501))
		client.wantClosed()
	})
}

func TestDisconnectReasons(t *testing.T) {
	tests := []struct {
		name string
		end  func(c *client)
		want []string
	}{
		{"client leaves", func(c *client) { c.send("41") }, []string{"client namespace disconnect"}},
		{"client goes", func(c *client) { c.conn.Close() }, []string{"transport close"}},
		{"client breaks the protocol", func(c *client) { c.send("49") }, []string{"parse error"}},
		{"handler panics", func(c *client) { c.send(`42["panic"]`) }, []string{"forced close"}},
		{"server takes it out", func(c *client) { c.send(`42["leave",false]`) }, []string{"in the handler", "server namespace disconnect"}},
		{"server closes", func(c *client) { c.send(`42["leave",true]`) }, []string{"in the handler", "server namespace disconnect"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			setup := func(s *socketio.Server) {
				n := s.Of("/")
				n.OnDisconnect(func(s *socketio.Socket, r engineio.Reason) {
					got = append(got, string(r))
					if n.Len() != 0 || n.Socket(s.ID()) != nil || s.Rooms() != nil {
						t.Error("the socket is still in its namespace")
					}
				})
				n.On("panic", func(*socketio.Socket, *socketio.Event) { panic("as asked") })
				n.On("leave", func(s *socketio.Socket, e *socketio.Event) {
					var all bool
					must(t, e.Bind(0, &all))
					s.Disconnect(all)
					s.Disconnect(all)
					got = append(got, "in the handler")
				})
			}
			inWorld(t, socketio.Config{}, setup, func(t *testing.T, w *world) {
				c, _ := w.join(t, "")
				test.end(c)
				synctest.Wait()
				c.conn.Close()
				synctest.Wait()
				if !slices.Equal(got, test.want) {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestServerDisconnect(t *testing.T) {
	inWorld(t, socketio.Config{}, echo, func(t *testing.T, w *world) {
		client, welcome := w.join(t, "")
		client.want(`42["auth",{}]`)
		socket := w.Of("/").Socket(welcome.SID)
		must(t, socket.Emit("last", 1))
		socket.Disconnect(false)
		must(t, socket.Emit("lost", 2))
		client.want(`42["last",1]`, "41")
		// What the client sent before it knew is ignored.
		client.send(`42["message",1]`)
		client.send(`431[]`)
		client.wantSilence()
		client.play(connected)

		client.play(`
			> 40/custom,
			< 40/custom,{"sid":"…"}
			< 42/custom,["auth",{}]`)
		for s := range w.Of("/custom").Sockets() {
			s.Disconnect(true)
		}
		client.play("< 41/custom,\n< 41\nclosed")
		if w.Of("/").Len() != 0 || w.Of("/custom").Len() != 0 {
			t.Error("sockets remain")
		}
	})
}

func TestShutdown(t *testing.T) {
	var got []engineio.Reason
	setup := func(s *socketio.Server) {
		s.Of("/").OnDisconnect(func(_ *socketio.Socket, r engineio.Reason) { got = append(got, r) })
	}
	inWorld(t, socketio.Config{Recovery: socketio.Recovery{Window: time.Minute}}, setup, func(t *testing.T, w *world) {
		w.join(t, "")
	})
	if !slices.Equal(got, []engineio.Reason{engineio.ShuttingDown}) {
		t.Errorf("got %q", got)
	}
}

func TestRate(t *testing.T) {
	setup := func(s *socketio.Server) {
		n := s.Of("/")
		n.On("work", func(s *socketio.Socket, e *socketio.Event) { _ = e.Ack("done") })
		n.OnFlood(func(s *socketio.Socket, e *socketio.Event) { _ = e.Ack("too fast") })
	}
	c := socketio.Config{Rate: socketio.Rate{PerSecond: 1, Burst: 3}} // CONNECT is one of them
	inWorld(t, c, setup, func(t *testing.T, w *world) {
		client, _ := w.join(t, "")
		client.play(`
			> 421["work"]
			> 422["work"]
			> 423["work"]
			< 431["done"]
			< 432["done"]
			< 433["too fast"]`)
		time.Sleep(2 * time.Second)
		client.play(`
			> 424["work"]
			> 425["work"]
			> 426["work"]
			> 427["work"]
			< 434["done"]
			< 435["too fast"]
			< 436["too fast"]
			< 437["too fast"]
			> 428["work"]
			closed`)
	})
}

func TestReservedNamesCannotBeEmitted(t *testing.T) {
	inWorld(t, socketio.Config{}, echo, func(t *testing.T, w *world) {
		if err := w.Of("/").Emit("disconnect"); err == nil {
			t.Error("disconnect was emitted")
		}
		if err := w.Of("/").Emit("x", make(chan int)); err == nil {
			t.Error("a channel was encoded")
		}
		eleven := make([]any, 11)
		for i := range eleven {
			eleven[i] = []byte{}
		}
		if err := w.Of("/").Emit("x", eleven); !errors.Is(err, socketio.ErrTooManyAttachments) {
			t.Errorf("error %v", err)
		}
	})
}
