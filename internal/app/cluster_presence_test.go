package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// linked is a node of which there is only presence, and its way to the other
// one, which loses what lose names.
type linked struct {
	*presenceLink
	t     *testing.T
	name  string
	other *linked
	hear  map[string]func(bus.Message)
	gap   func()
	peers []cluster.Member
	lose  func(topic string) bool
	said  []string // topics
}

// newPair returns two nodes, each a member to the other.
func newPair(t *testing.T) (a, b *linked) {
	a, b = newLinked(t, "a"), newLinked(t, "b")
	a.other, b.other = b, a
	a.peers, b.peers = []cluster.Member{{ID: "a"}, {ID: "b"}}, []cluster.Member{{ID: "b"}, {ID: "a"}}
	return a, b
}

func newLinked(t *testing.T, name string) *linked {
	n := &linked{t: t, name: name, hear: map[string]func(bus.Message){}, lose: func(string) bool { return false }}
	s := presence.NewService(presence.Config{Now: time.Now})
	n.presenceLink = newPresenceLink(s, func() []cluster.Member { return n.peers }, n.publish, slog.New(slog.DiscardHandler))
	n.listen(n)
	return n
}

func (n *linked) publish(topic string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		n.t.Fatal(err)
	}
	if n.said = append(n.said, topic); !n.lose(topic) {
		n.other.hear[topic](bus.Message{Node: n.name, Topic: topic, Data: data})
	}
}

// As a bus.Bus it is only listened to.
func (n *linked) Publish(context.Context, string, []byte) error { return nil }
func (n *linked) Subscribe(topic string, do func(bus.Message))  { n.hear[topic] = do }
func (n *linked) OnGap(do func())                               { n.gap = do }
func (n *linked) Run(context.Context) error                     { return nil }
func (n *linked) Connected() bool                               { return true }

// join has users come.
func (n *linked) join(ids ...int64) {
	n.t.Helper()
	var users []account.User
	for _, id := range ids {
		users = append(users, account.User{ID: id, ExternalID: fmt.Sprint("user_", id)})
	}
	if err := n.service.Join(n.t.Context(), users, func(presence.View) {}); err != nil {
		n.t.Fatal(err)
	}
}

// exchange has both nodes do what there is to do, until they are content.
func exchange(a, b *linked) {
	for range 5 {
		a.turn(a.t.Context())
		b.turn(a.t.Context())
	}
}

func (n *linked) wantOnline(want int) {
	n.t.Helper()
	if got := n.service.Count(); got != want {
		n.t.Errorf("at %s %d are online, want %d", n.name, got, want)
	}
}

// count returns how often a node has said something.
func (n *linked) count(topic string) (times int) {
	for _, t := range n.said {
		if t == topic {
			times++
		}
	}
	return times
}

func TestPresenceLink(t *testing.T) {
	many := make([]int64, 3*presencePageSize-1)
	for i := range many {
		many[i] = int64(i + 1)
	}
	tests := map[string]func(t *testing.T, a, b *linked){
		"whoever was there before": func(_ *testing.T, a, b *linked) {
			b.peers = b.peers[:1]
			a.join(1, 2)
			exchange(a, b)
			b.wantOnline(0) // a is nobody yet
			b.peers = []cluster.Member{{ID: "b"}, {ID: "a"}}
			exchange(a, b)
			b.wantOnline(2)
		},
		"changes": func(t *testing.T, a, b *linked) {
			exchange(a, b)
			a.said, b.said = nil, nil
			a.join(1)
			b.join(1, 2)
			exchange(a, b)
			a.wantOnline(2)
			b.wantOnline(2)
			if all := append(a.said, b.said...); slices.ContainsFunc(all, func(s string) bool { return s != topicPresence }) {
				t.Errorf("said %v", all)
			}
		},
		"many": func(t *testing.T, a, b *linked) {
			exchange(a, b)
			a.said = nil
			a.join(many...)
			exchange(a, b)
			b.wantOnline(len(many))
			if n := a.count(topicPresence); n != 3 {
				t.Errorf("%d messages", n)
			}
		},
		"a change is lost": func(_ *testing.T, a, b *linked) {
			exchange(a, b)
			a.lose = func(topic string) bool { return topic == topicPresence }
			a.join(1)
			exchange(a, b)
			b.wantOnline(0)
			b.gap()
			exchange(a, b)
			b.wantOnline(1)
		},
		"a page is lost": func(t *testing.T, a, b *linked) {
			a.join(many...)
			pages := 0
			a.lose = func(topic string) bool {
				if topic == topicPresenceWhole {
					pages++
				}
				return topic == topicPresence || topic == topicPresenceWhole && pages == 2
			}
			b.gap()
			b.turn(t.Context())
			a.turn(t.Context())
			b.gap() // as the bus says after the first page
			exchange(a, b)
			b.wantOnline(len(many))
		},
		"the beginning is lost": func(t *testing.T, a, b *linked) {
			a.join(many...)
			pages := 0
			a.lose = func(topic string) bool {
				if topic == topicPresenceWhole {
					pages++
				}
				return topic == topicPresence || topic == topicPresenceWhole && pages == 1
			}
			exchange(a, b)
			b.wantOnline(0)
			time.Sleep(presenceAskAgain)
			exchange(a, b)
			b.wantOnline(len(many))
		},
		"a question is lost": func(t *testing.T, a, b *linked) {
			a.join(1)
			b.lose = func(topic string) bool { return b.count(topic) == 1 }
			a.lose = func(topic string) bool { return topic == topicPresence }
			exchange(a, b)
			b.wantOnline(0)
			if n := b.count(topicPresenceAsk); n != 1 {
				t.Errorf("asked %d times", n)
			}
			time.Sleep(presenceAskAgain)
			exchange(a, b)
			b.wantOnline(1)
			time.Sleep(presenceAskAgain)
			exchange(a, b)
			if n := b.count(topicPresenceAsk); n != 2 {
				t.Errorf("asked %d times", n)
			}
		},
		"too much to hear": func(_ *testing.T, a, b *linked) {
			exchange(a, b)
			for i := range mostHeard + 10 {
				a.join(int64(i))
				a.tellChanges()
			}
			b.wantOnline(0)
			b.turn(a.t.Context())
			exchange(a, b)
			b.wantOnline(mostHeard + 10)
		},
		"nonsense": func(_ *testing.T, a, b *linked) {
			a.join(1)
			exchange(a, b)
			for topic, hear := range b.hear {
				hear(bus.Message{Node: "a", Topic: topic, Data: []byte("?")})
			}
			delete(b.leaving, "a")
			exchange(a, b)
			b.wantOnline(1)
		},
		"a node dies": func(_ *testing.T, a, b *linked) {
			a.join(1)
			b.join(2)
			exchange(a, b)
			b.wantOnline(2)
			b.peers = b.peers[:1]
			b.turn(a.t.Context())
			b.wantOnline(1)
		},
		"a node stops": func(_ *testing.T, a, b *linked) {
			a.join(1, 2)
			exchange(a, b)
			a.publish(topicPresenceLeave, nil)
			b.peers = b.peers[:1]
			exchange(a, b)
			b.wantOnline(2)
			b.join(2)
			time.Sleep(presence.DefaultGrace)
			exchange(a, b)
			b.wantOnline(1)
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := newPair(t)
				test(t, a, b)
			})
		})
	}
}
