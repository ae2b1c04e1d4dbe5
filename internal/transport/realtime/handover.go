package realtime

import (
	"context"
	"encoding/json"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
)

// Peers are the other nodes of the system. What passes between them is opaque.
type Peers interface {
	// Fetch asks them for what a client has left there, which one of them gives
	// away by its HandOver; nil if none does in time.
	Fetch(ctx context.Context, claim []byte) []byte
	// CatchUp tells of all messages that are stored by now, on whichever node.
	CatchUp(ctx context.Context) error
	// Typing passes on that somebody is typing, to their HearTyping.
	Typing(notice []byte)
}

// handed is a session on its way from one node to another. Of a person it has
// what the CONNECT at the new node does not say.
type handed struct {
	Session   socketio.Handover
	Announced bool
}

// fetchTime bounds how long a client that comes back waits for the other nodes.
const fetchTime = time.Second

// fetch finds what a client has left at another node.
func (rt *Realtime) fetch(s *socketio.Socket, c socketio.Claim) (socketio.Handover, bool) {
	claim, err := json.Marshal(c)
	if err != nil {
		rt.failed("a claim was not encoded", err)
		return socketio.Handover{}, false
	}
	ctx, cancel := context.WithTimeout(rt.ctx, fetchTime)
	defer cancel()
	answer := rt.c.Peers.Fetch(ctx, claim)
	if answer == nil {
		return socketio.Handover{}, false
	}
	var h handed
	if err := json.Unmarshal(answer, &h); err != nil {
		rt.failed("a session from another node was not understood", err)
		return socketio.Handover{}, false
	}
	// He has never been greeted here: who is online may look different now.
	p, _, _ := personOf(s).again()
	p.announced = h.Announced
	h.Session.Data = p
	return h.Session, true
}

// settle has this node tell of all that was stored before a session begins here:
// the client may have got it already, from a node that was quicker. If that
// cannot be found out, the client had better get it twice than not connect.
func (rt *Realtime) settle() {
	if rt.c.Peers == nil {
		return
	}
	settled := make(chan struct{})
	rt.settling.add(settled)
	<-settled
}

// catchUp settles those who came at about the same time.
func (rt *Realtime) catchUp(waiting []chan struct{}) {
	ctx, cancel := context.WithTimeout(rt.ctx, fetchTime)
	defer cancel()
	if err := rt.c.Peers.CatchUp(ctx); err != nil {
		rt.c.Log.DebugContext(rt.ctx, "sessions begin before this node has caught up", "error", err)
	}
	for _, settled := range waiting {
		close(settled)
	}
}

// HandOver gives away what a client has left here, for another node where it is
// now; nil if there is nothing.
func (rt *Realtime) HandOver(claim []byte) []byte {
	var c socketio.Claim
	if json.Unmarshal(claim, &c) != nil || c.Namespace != rt.sockets.Name() {
		return nil
	}
	session, ok := rt.sockets.HandOver(c)
	if !ok {
		return nil
	}
	h := handed{Session: session}
	_, h.Announced, _ = session.Data.(*person).again()
	h.Session.Data = nil
	answer, err := json.Marshal(h)
	if err != nil {
		rt.failed("a session was not handed over", err)
	}
	return answer
}
