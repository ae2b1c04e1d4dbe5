package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
)

// someone is a user with a key.
type someone struct {
	account.User
	key string
}

// people makes users at a node.
func (m *member) people(names ...string) []someone {
	m.t.Helper()
	var list []someone
	for _, name := range names {
		key := m.newKey(name+"@example.org", account.Member)
		u, err := m.Accounts.UserByEmail(m.t.Context(), account.Operator(), name+"@example.org")
		if err != nil {
			m.t.Fatal(err)
		}
		list = append(list, someone{u, key})
	}
	return list
}

// visitor is somebody's socket at a node.
type visitor struct {
	someone
	t    *testing.T
	conn *client.Conn

	mu   sync.Mutex
	news []string // events in words
	come chan struct{}
}

// visit connects somebody to a node, and has him say that he is there.
func visit(t *testing.T, who someone, base string) *visitor {
	t.Helper()
	v := &visitor{someone: who, t: t, come: make(chan struct{}, 1)}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	auth := map[string]any{"token": who.key, "extras": []string{"typing", "read"}}
	conn, err := client.Dial(ctx, client.Options{URL: base, Auth: auth, OnEvent: v.event})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Drop)
	v.conn = conn
	v.emit("user_connected", who.ExternalID)
	v.wants("users_online")
	return v
}

func (v *visitor) emit(event string, arg any) {
	v.t.Helper()
	if err := v.conn.Emit(event, arg); err != nil {
		v.t.Fatal(err)
	}
}

// ask emits an event and returns its acknowledgement.
func (v *visitor) ask(event string, arg any) json.RawMessage {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	reply, err := v.conn.EmitWithAck(ctx, event, arg)
	if err != nil || !strings.Contains(string(reply), `"ok":true`) {
		v.t.Fatalf("%s %v: %s, %v", event, arg, reply, err)
	}
	return reply
}

func (v *visitor) event(name string, args []json.RawMessage) {
	var text string
	var about struct{ SenderID, ReaderID, UserID, Content, Activity string }
	if len(args) > 0 && json.Unmarshal(args[0], &text) != nil {
		_ = json.Unmarshal(args[0], &about) // lists are not looked at
	}
	words := strings.Fields(strings.Join([]string{name, text, about.SenderID, about.ReaderID, about.UserID, about.Content, about.Activity}, " "))
	v.mu.Lock()
	defer v.mu.Unlock()
	v.news = append(v.news, strings.Join(words, " "))
	select {
	case v.come <- struct{}{}:
	default:
	}
}

// wants waits for an event, and returns what came before; both are forgotten.
func (v *visitor) wants(words ...string) (before []string) {
	v.t.Helper()
	at := v.find(strings.Join(words, " "))
	v.mu.Lock()
	defer v.mu.Unlock()
	before, v.news = v.news[:at], v.news[at+1:]
	return before
}

// find waits for an event that was not forgotten, and returns where it is in
// the news.
func (v *visitor) find(want string) (at int) {
	v.t.Helper()
	for limit := time.After(patience); ; {
		news := v.all()
		if at = slices.IndexFunc(news, func(s string) bool { return s == want || strings.HasPrefix(s, want+" ") }); at >= 0 {
			return at
		}
		select {
		case <-v.come:
		case <-v.conn.Done():
			v.t.Fatalf("the connection ended; wanted %q", want)
		case <-limit:
			v.t.Fatalf("%q does not come; what has come: %s", want, strings.Join(news, "; "))
		}
	}
}

// all returns what has come and was not forgotten.
func (v *visitor) all() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.news)
}

// say sends a message.
func (v *visitor) say(to someone, content string) {
	v.t.Helper()
	v.ask("send_message", map[string]string{"receiverId": to.ExternalID, "content": content})
}

// Whoever is connected to whichever node, all see and hear the same.
func TestNodesAreOne(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		n := o.nodes(3)
		p := n[0].people("ann", "bob", "cat")
		ann := visit(t, p[0], n[0].base)
		bob := visit(t, p[1], n[1].base)
		ann.wants("user_connected", bob.ExternalID)
		cat := visit(t, p[2], n[2].base)
		for _, v := range []*visitor{ann, bob} {
			v.wants("user_connected", cat.ExternalID)
		}

		// Messages, to one's own sockets elsewhere too.
		again := visit(t, p[0], n[2].base)
		ann.say(cat.someone, "one")
		cat.wants("receive_message", ann.ExternalID, "one")
		again.wants("message_sent", ann.ExternalID, "one")
		cat.say(ann.someone, "two")
		ann.wants("receive_message", cat.ExternalID, "two")
		again.wants("receive_message", cat.ExternalID, "two")

		// Read marks, and who is typing.
		cat.ask("mark_read", map[string]string{"userId": ann.ExternalID})
		ann.wants("messages_read", cat.ExternalID, ann.ExternalID)
		bob.ask("typing", map[string]any{"userId": ann.ExternalID, "typing": true})
		for _, v := range []*visitor{ann, again} {
			v.wants("typing", bob.ExternalID)
		}

		// What somebody does, whichever of his sockets says so, and who may see it.
		again.emit("update_activity", map[string]string{"activity": "Playing"})
		bob.wants("activity_updated", ann.ExternalID, "Playing")
		actor := account.Actor{User: p[0].User, Via: account.ViaToken}
		if err := n[1].Presence.SetAudience(t.Context(), actor, account.Acquaintances); err != nil {
			t.Fatal(err)
		}
		bob.wants("activity_updated", ann.ExternalID, "Idle")
		ann.emit("update_activity", map[string]string{"activity": "Dancing"})
		cat.wants("activity_updated", ann.ExternalID, "Dancing")
		bob.say(ann.someone, "hello") // now they know each other
		bob.wants("activity_updated", ann.ExternalID, "Dancing")

		// One of two connections ends, and then the other.
		ann.conn.Close()
		cat.conn.Close()
		before := bob.wants("user_disconnected", cat.ExternalID)
		if slices.Contains(before, "user_disconnected "+ann.ExternalID) {
			t.Error("who is still there is said to have left")
		}
		again.conn.Close()
		bob.wants("user_disconnected", ann.ExternalID)

		// Who is switched off at one node is sent away at the other.
		if err := n[0].Accounts.SetActive(t.Context(), account.Operator(), bob.ID, false); err != nil {
			t.Fatal(err)
		}
		await(t, bob.conn.Done(), "who may not be there any more still is")
	})
}

// The messages that many write to one, each at another node, come to all of his
// sockets once and in one order, which is that of the history, also those that
// the bus does not carry.
func TestNodesAgreeOnTheOrder(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		const each = 60
		n := o.nodes(3)
		p := n[0].people("ann", "bob", "cat", "dan")
		dan := p[3]
		var told [3][]chat.Message // by the node
		var guard sync.Mutex
		for i, node := range n {
			node.Chat.Sent.Subscribe(func(m chat.Message) {
				guard.Lock()
				defer guard.Unlock()
				told[i] = append(told[i], m)
			})
		}
		var ears []*visitor
		for _, node := range n {
			ears = append(ears, visit(t, dan, node.base))
		}
		var writing sync.WaitGroup
		for i, node := range n {
			writing.Go(func() {
				actor := account.Actor{User: p[i].User, Via: account.ViaToken}
				for k := range each {
					if k == each/2 && i == 0 && o.bus != config.BusPostgres {
						if err := o.cut(); err != nil {
							t.Error(err)
						}
					}
					if _, err := node.Chat.Send(t.Context(), actor, dan.ID, fmt.Sprint(i, "-", k)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		for _, ear := range ears {
			for w := range n { // without the bus too
				ear.find(fmt.Sprint("receive_message ", p[w].ExternalID, " ", w, "-", each-1))
			}
		}
		if o.bus != config.BusPostgres {
			if err := o.restore(); err != nil {
				t.Fatal(err)
			}
		}
		guard.Lock()
		defer guard.Unlock()
		for i := range n {
			if len(told[i]) != len(n)*each || !slices.EqualFunc(told[i], told[0], func(a, b chat.Message) bool { return a.ID == b.ID && a.Created.Equal(b.Created) }) {
				t.Errorf("node %d told of %d messages, or in another order than node 0", i, len(told[i]))
			}
			for k, m := range told[i][1:] {
				if before := told[i][k]; m.ID <= before.ID || m.Created.Before(before.Created) {
					t.Errorf("node %d told of %+v after %+v", i, m, before)
				}
			}
			var got []string
			for _, s := range ears[i].all() {
				if strings.HasPrefix(s, "receive_message ") {
					got = append(got, s[strings.LastIndexByte(s, ' ')+1:])
				}
			}
			var want []string
			for _, m := range told[0] {
				want = append(want, m.Content)
			}
			if !slices.Equal(got, want) {
				t.Errorf("the socket at node %d got %v, want %v", i, got, want)
			}
		}
	})
}

// A node that dies takes its users along within seconds; those of one that
// stops have time to come to another, and nobody notices.
func TestUsersOfDeadNodes(t *testing.T) {
	eachBus(t, func(t *testing.T, o *outside) {
		n := o.nodes(1)
		p := n[0].people("ann", "bob", "cat")
		ann := visit(t, p[0], n[0].base)
		killed, stopped := o.process(), o.process()
		bob := visit(t, p[1], killed.base)
		ann.wants("user_connected", bob.ExternalID)
		cat := visit(t, p[2], stopped.base)
		ann.wants("user_connected", cat.ExternalID)

		stopped.tellToStop()
		<-cat.conn.Done()
		visit(t, p[2], n[0].base)
		stopped.wait()
		killed.kill()
		before := ann.wants("user_disconnected", bob.ExternalID)
		if slices.Contains(before, "user_disconnected "+cat.ExternalID) {
			t.Error("who has come to another node is said to have left")
		}
		if got := n[0].Presence.Count(); got != 2 {
			t.Errorf("%d are online", got)
		}
	})
}

// Nobody is taken to have left because the bus is away; what happens meanwhile
// is known when it is back.
func TestPresenceWithoutBus(t *testing.T) {
	o := newOutside(t, config.BusNATS)
	n := o.nodes(2)
	p := n[0].people("ann", "bob", "cat")
	ann := visit(t, p[0], n[0].base)
	bob := visit(t, p[1], n[1].base)
	ann.wants("user_connected", bob.ExternalID)

	if err := o.cut(); err != nil {
		t.Fatal(err)
	}
	for n[0].Bus.Connected() || n[1].Bus.Connected() {
		<-time.After(10 * time.Millisecond)
	}
	cat := visit(t, p[2], n[1].base)
	bob.emit("update_activity", map[string]string{"activity": "Playing"})
	cat.wants("activity_updated", bob.ExternalID, "Playing")
	// Long enough for a node to be taken for dead, and for somebody to leave.
	bob.conn.Close()
	cat.wants("user_disconnected", bob.ExternalID)
	<-time.After(presence.DefaultGrace)
	if got := n[0].Presence.Count(); got != 2 {
		t.Errorf("%d are online without the bus", got)
	}
	if err := o.restore(); err != nil {
		t.Fatal(err)
	}
	ann.find("user_connected " + cat.ExternalID)
	ann.find("user_disconnected " + bob.ExternalID)
}
