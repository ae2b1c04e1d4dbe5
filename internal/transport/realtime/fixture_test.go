package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// A house is a server with three people.
type house struct {
	*world.World
	t      *testing.T
	rt     *Realtime
	url    string
	stop   context.CancelFunc
	people map[string]resident
	lines  []*line
}

type resident struct {
	account.User
	key string
}

// origin is the one that may call besides the server's own.
const origin = "http://localhost:3000"

// newHouse opens a house. edit may change the configuration, and be nil; accounts
// are edits to that of the accounts.
func newHouse(t *testing.T, engine string, edit func(*Config), accounts ...func(*account.Config)) *house {
	t.Helper()
	h := &house{World: world.New(t, engine, accounts...), t: t, people: map[string]resident{}}
	for _, name := range []string{"ann", "bob", "eve"} {
		u, key := h.AddUser(t, name+"@example.com", name, false)
		h.people[name] = resident{u, key}
	}
	c := Config{
		Accounts: h.Accounts, Chat: h.Chat, Presence: h.Presence,
		Identifier: kit.Identifier{Accounts: h.Accounts}, Origins: kit.Origins{origin},
		Recoverer: kit.Recoverer{Log: h.Log, Panicked: func() { t.Error("a panic") }}, Log: h.Log,
	}
	if edit != nil {
		edit(&c)
	}
	h.rt = New(c)
	server := httptest.NewServer(h.rt.Handler())
	h.url = server.URL
	var ctx context.Context
	ctx, h.stop = context.WithCancel(context.Background())
	ran := make(chan error)
	go func() { ran <- h.rt.Run(ctx) }()
	t.Cleanup(func() {
		h.stop()
		if err := <-ran; err != nil {
			t.Error(err)
		}
		server.Close()
		h.Chat.Close()
	})
	return h
}

// soonGone has users be offline right after their last socket has gone.
func soonGone(c *Config) {
	c.Presence = presence.NewService(presence.Config{
		Accounts: c.Accounts, Now: time.Now, Grace: time.Millisecond,
	})
}

// A line is a client that notes every event and acknowledgement, with the 4 of
// Engine.IO in front.
type line struct {
	h *house
	*client.Conn
	name    string
	packets chan string
	quiets  int
}

// dial connects a client; auth is added to the user's token, if there is one.
func (h *house) dial(name string, o client.Options) (*line, error) {
	l := &line{h: h, name: name, packets: make(chan string, 10_000)}
	o.URL = h.url
	o.OnPacket = func(_ *client.Conn, packet []byte) bool {
		noted := packet[0] == '2' || packet[0] == '3' || packet[0] == '4' && packet[1] == '/'
		if noted {
			l.packets <- "4" + string(packet)
		}
		return noted // the client sees to the others
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var err error
	if l.Conn, err = client.Dial(ctx, o); err != nil {
		return nil, err
	}
	h.t.Cleanup(l.Drop)
	h.lines = append(h.lines, l)
	return l, nil
}

// enter connects one of the people by a token.
func (h *house) enter(name string, extras ...string) *line {
	h.t.Helper()
	l, err := h.dial(name, client.Options{Auth: h.auth(name, extras...)})
	if err != nil {
		h.t.Fatal(name, err)
	}
	return l
}

func (h *house) auth(name string, extras ...string) map[string]any {
	auth := map[string]any{"token": h.people[name].key, "userId": h.people[name].ExternalID}
	if len(extras) > 0 {
		auth["extras"] = extras
	}
	return auth
}

// announce connects somebody and has him say that he is there.
func (h *house) announce(name string) *line {
	h.t.Helper()
	l := h.enter(name)
	l.send(`420["user_connected"]`)
	l.until(`430[{"ok":true}]`)
	return l
}

func (l *line) send(packet string) {
	l.h.t.Helper()
	if err := l.SendPacket([]byte(packet[1:])); err != nil {
		l.h.t.Fatal(l.name, err)
	}
}

// next returns the next packet.
func (l *line) next() string {
	l.h.t.Helper()
	select {
	case p := <-l.packets:
		return p
	case <-time.After(patience):
		l.h.t.Fatalf("%s: nothing came", l.name)
		return ""
	}
}

// until returns all packets up to one that is awaited.
func (l *line) until(packet string) (before []string) {
	l.h.t.Helper()
	for {
		p := l.next()
		if p == packet {
			return before
		}
		before = append(before, p)
	}
}

// want checks which packets come next.
func (l *line) want(packets ...string) {
	l.h.t.Helper()
	for _, want := range packets {
		if got := l.next(); got != want {
			l.h.t.Fatalf("%s got %s\nwant %s", l.name, got, want)
		}
	}
}

// quiet checks that nothing else has been sent.
func (l *line) quiet() {
	l.h.t.Helper()
	l.quiets++
	id := fmt.Sprint(1_000_000 + l.quiets)
	l.send("42" + id + `["?"]`)
	l.want("43" + id + `[{"ok":false,"error":"Unknown event \"?\""}]`)
}

// ended waits until the server has ended the connection.
func (l *line) ended() error {
	l.h.t.Helper()
	select {
	case <-l.Done():
		return l.Wait()
	case <-time.After(patience):
		l.h.t.Fatalf("%s is still connected", l.name)
		return nil
	}
}

// packet is an event as it is sent.
func packet(name string, args ...any) string {
	data, err := json.Marshal(append([]any{name}, args...))
	if err != nil {
		panic(err) // of plain values: cannot fail
	}
	return "42" + string(data)
}

// fill puts ids in place of {name}, and keys in place of {name.key}.
func (h *house) fill(text string) string {
	for name, p := range h.people {
		text = strings.NewReplacer("{"+name+"}", p.ExternalID, "{"+name+".key}", p.key).Replace(text)
	}
	return text
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
