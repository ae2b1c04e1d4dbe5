package app

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/antiphon-music/antiphon/internal/bus"
)

// The topics by which realtime sessions change their nodes.
const (
	topicSessionAsk  = "session-ask" // a sessionAsk: who has this session?
	topicSessionGive = "session"     // a sessionGive: I had, here it is
	topicTyping      = "typing"      // see realtime.Peers
)

// sessionAsk asks the other nodes for what a client has left.
type sessionAsk struct {
	ID    uint64 // of the question, among those of its node
	Claim []byte
}

// sessionGive answers a node's question.
type sessionGive struct {
	Node    string // who asked
	ID      uint64
	Session []byte
}

// peers are the other nodes, as realtime knows them.
type peers struct {
	app *App

	mu    sync.Mutex
	asked uint64
	open  map[uint64]chan []byte // who waits for the answer to which question
}

// Fetch implements realtime.Peers.
func (p *peers) Fetch(ctx context.Context, claim []byte) []byte {
	if len(p.app.Cluster.Members()) < 2 { // this node is one of them
		return nil
	}
	answer := make(chan []byte, 1)
	p.mu.Lock()
	p.asked++
	id := p.asked
	p.open[id] = answer
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, id)
	}()
	p.app.publishJSON(topicSessionAsk, sessionAsk{id, claim})
	select {
	case session := <-answer:
		return session
	case <-ctx.Done():
		return nil
	}
}

// CatchUp implements realtime.Peers.
func (p *peers) CatchUp(ctx context.Context) error { return p.app.Chat.CatchUp(ctx) }

// Typing implements realtime.Peers.
func (p *peers) Typing(data []byte) { p.app.publish(topicTyping, data) }

// connectSessions lets clients take up their sessions at other nodes.
func (a *App) connectSessions() {
	a.peers = &peers{app: a, open: map[uint64]chan []byte{}}
	a.Bus.Subscribe(topicSessionAsk, func(m bus.Message) {
		var ask sessionAsk
		if json.Unmarshal(m.Data, &ask) != nil {
			return
		}
		// Handlers of the application are called, for which the bus cannot wait.
		go func() {
			if session := a.Realtime.HandOver(ask.Claim); session != nil {
				a.publishJSON(topicSessionGive, sessionGive{m.Node, ask.ID, session})
			}
		}()
	})
	a.Bus.Subscribe(topicSessionGive, func(m bus.Message) {
		var give sessionGive
		if json.Unmarshal(m.Data, &give) == nil && give.Node == a.Cluster.Self().ID {
			a.peers.answered(give)
		}
	})
	a.Bus.Subscribe(topicTyping, func(m bus.Message) { a.Realtime.HearTyping(m.Data) })
}

func (p *peers) answered(give sessionGive) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answer := p.open[give.ID]; answer != nil {
		delete(p.open, give.ID)
		answer <- give.Session
	}
}

// publishJSON is publish of a value.
func (a *App) publishJSON(topic string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		a.Log.Error("a message to the other nodes was not encoded", "topic", topic, "error", err)
		return
	}
	a.publish(topic, data)
}
