package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// The topics by which each node has the whole picture of who is online.
const (
	topicPresence      = "presence"       // a presencePage: what has changed at a node
	topicPresenceWhole = "presence-whole" // a presencePage of all who are there
	topicPresenceAsk   = "presence-ask"   // a list of the nodes that are to tell the whole
	topicPresenceLeave = "presence-leave" // without data: the node stops, and its users will be elsewhere
)

// Bounds and times of what nodes tell each other of presence.
const (
	presencePageSize = 400                   // parts in a message: even the longest fit
	presenceTogether = 20 * time.Millisecond // what changes meanwhile goes out together
	presenceEvery    = time.Second           // how often is looked whether all is as it should be
	presenceAskAgain = 2 * time.Second       // when a node that was asked has not answered
)

// presenceLink tells the other nodes who is online at this one, and hears of
// them who is there. A node that has said nothing whole since something may
// have been missed is asked for it, for as long as it takes.
type presenceLink struct {
	service *presence.Service
	members func() []cluster.Member // this node is the first
	tell    func(topic string, v any)
	log     *slog.Logger

	heard   *heardQueue
	deaf    atomic.Bool // not all was heard
	mu      sync.Mutex
	changed map[int64]presence.Part // here, and not told yet

	// Run's alone.
	asked    bool                       // somebody wants to hear the whole
	whole    map[string][]presence.Part // the pages of a node's whole so far
	current  map[string]bool            // the nodes of which nothing was missed
	leaving  map[string]time.Time       // when those that stop said so
	lastAsk  time.Time
	refresh  bool      // what the store says of the users may have changed unheard
	lastRead time.Time // of the store
}

func newPresenceLink(s *presence.Service, members func() []cluster.Member, tell func(topic string, v any), log *slog.Logger) *presenceLink {
	l := &presenceLink{
		service: s, members: members, tell: tell, log: log, heard: newHeardQueue(), changed: map[int64]presence.Part{},
		whole: map[string][]presence.Part{}, current: map[string]bool{}, leaving: map[string]time.Time{},
	}
	s.Local.Subscribe(l.note)
	return l
}

// connectPresence makes the link.
func (a *App) connectPresence() {
	l := newPresenceLink(a.Presence, a.Cluster.Members, a.publishJSON, a.Log)
	l.listen(a.Bus)
	a.Cluster.OnJoin(func(m cluster.Member) { l.later(func(context.Context) { l.outdated(m.ID) }) })
	a.Cluster.OnGone(func(m cluster.Member) { l.later(func(context.Context) { l.outdated(m.ID); l.refresh = true }) })
	a.people = l
}

// runPresence keeps the link going, if there may be other nodes.
func (a *App) runPresence(ctx context.Context) error {
	if a.people != nil {
		a.people.run(ctx)
	}
	return nil
}

// listen subscribes to the bus, for which nothing here may wait: that is why
// all is heard later, one after the other.
func (l *presenceLink) listen(b bus.Bus) {
	hear := func(topic string, do func(ctx context.Context, node string, data []byte) error) {
		b.Subscribe(topic, func(m bus.Message) {
			l.later(func(ctx context.Context) {
				if err := do(ctx, m.Node, m.Data); err != nil {
					l.log.WarnContext(ctx, "who is online at another node was not noted", "node", m.Node, "error", err)
					delete(l.current, m.Node) // it is asked again, but not at once
				}
			})
		})
	}
	hear(topicPresence, l.hearChanges)
	hear(topicPresenceWhole, l.hearWhole)
	hear(topicPresenceAsk, l.hearAsk)
	hear(topicPresenceLeave, func(_ context.Context, node string, _ []byte) error {
		l.leaving[node] = time.Now()
		return nil
	})
	b.OnGap(func() { l.later(func(context.Context) { l.missed() }) })
}

// later has run do something. If it cannot follow, it asks for the whole.
func (l *presenceLink) later(do func(context.Context)) {
	if !l.heard.add(do) {
		l.deaf.Store(true)
	}
}

// note takes what has changed here. It is called under the lock of presence.
func (l *presenceLink) note(p presence.Part) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed[p.UserID] = p
	l.heard.notify()
}

// outdated notes that a node is to tell the whole.
func (l *presenceLink) outdated(node string) {
	delete(l.current, node)
	delete(l.whole, node)
	l.lastAsk = time.Time{}
}

// missed notes that something was not heard: nobody knows what.
func (l *presenceLink) missed() {
	clear(l.current)
	clear(l.whole)
	l.lastAsk, l.refresh = time.Time{}, true
}

// run tells and hears until ctx ends.
func (l *presenceLink) run(ctx context.Context) {
	tick := time.NewTicker(presenceEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-l.heard.wake:
		}
		l.turn(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(presenceTogether):
		}
	}
}

// turn does what there is to do.
func (l *presenceLink) turn(ctx context.Context) {
	deaf := l.deaf.Swap(false) // what comes before the gap is heard first
	l.heard.run(ctx)
	if deaf {
		l.missed()
	}
	l.tellChanges()
	l.tellWhole()
	l.forgetOthers()
	l.ask()
	l.readAgain(ctx)
}

// readAgain refreshes presence, if it is to be.
func (l *presenceLink) readAgain(ctx context.Context) {
	if !l.refresh || time.Since(l.lastRead) < presenceEvery {
		return
	}
	l.lastRead = time.Now()
	if err := l.service.Refresh(ctx); err != nil {
		l.log.WarnContext(ctx, "who may see what of whom may be outdated", "error", err)
		return
	}
	l.refresh = false
}

// tellChanges tells what has changed here. Of each user that is the latest: a
// whole that was told meanwhile is never newer.
func (l *presenceLink) tellChanges() {
	l.mu.Lock()
	changed := l.changed
	l.changed = map[int64]presence.Part{}
	l.mu.Unlock()
	parts := make([]presencePart, 0, len(changed))
	for _, p := range changed {
		parts = append(parts, presencePartOf(p))
	}
	for page := range slices.Chunk(parts, presencePageSize) {
		l.tell(topicPresence, presencePage{Parts: page})
	}
}

// tellWhole tells who is here, if anybody has asked.
func (l *presenceLink) tellWhole() {
	if !l.asked {
		return
	}
	l.asked = false
	all := l.service.Snapshot()
	for at := 0; at == 0 || at < len(all); at += presencePageSize {
		end := min(at+presencePageSize, len(all))
		page := presencePage{Parts: make([]presencePart, 0, end-at), First: at == 0, Last: end == len(all)}
		for _, p := range all[at:end] {
			page.Parts = append(page.Parts, presencePartOf(p))
		}
		l.tell(topicPresenceWhole, page)
	}
}

// hears reports whether a node is listened to. Of one that is no member, or not
// any more, nothing counts: when it is one again, it is asked for the whole.
func (l *presenceLink) hears(node string) bool {
	return slices.ContainsFunc(l.members()[1:], func(m cluster.Member) bool { return m.ID == node })
}

// parts reads a page.
func (l *presenceLink) parts(data []byte) (page presencePage, parts []presence.Part, err error) {
	if err := json.Unmarshal(data, &page); err != nil {
		return page, nil, err
	}
	for _, p := range page.Parts {
		parts = append(parts, p.part())
	}
	return page, parts, nil
}

func (l *presenceLink) hearChanges(ctx context.Context, node string, data []byte) error {
	_, parts, err := l.parts(data)
	if err != nil || !l.hears(node) {
		return err
	}
	return l.service.Hear(ctx, node, parts, false)
}

func (l *presenceLink) hearWhole(ctx context.Context, node string, data []byte) error {
	page, parts, err := l.parts(data)
	if err != nil || !l.hears(node) {
		return err
	}
	before, begun := l.whole[node]
	if !page.First && !begun {
		return nil // the beginning was missed
	}
	if !page.First {
		parts = append(before, parts...)
	}
	l.whole[node] = parts
	if !page.Last {
		return nil
	}
	delete(l.whole, node)
	if err := l.service.Hear(ctx, node, parts, true); err != nil {
		return err
	}
	l.current[node] = true
	return nil
}

func (l *presenceLink) hearAsk(_ context.Context, _ string, data []byte) error {
	var nodes []string
	if err := json.Unmarshal(data, &nodes); err != nil {
		return err
	}
	l.asked = l.asked || slices.Contains(nodes, l.members()[0].ID)
	return nil
}

// ask asks those who have not told the whole since something was missed.
func (l *presenceLink) ask() {
	var nodes []string
	for _, m := range l.members()[1:] {
		if !l.current[m.ID] {
			nodes = append(nodes, m.ID)
		}
	}
	if len(nodes) > 0 && time.Since(l.lastAsk) >= presenceAskAgain {
		l.lastAsk = time.Now()
		l.tell(topicPresenceAsk, nodes)
	}
}

// forgetOthers drops what nodes have said that are gone. The users of one that
// has stopped have some time to come to another.
func (l *presenceLink) forgetOthers() {
	for node, since := range l.leaving {
		if time.Since(since) >= presence.DefaultGrace {
			delete(l.leaving, node)
		}
	}
	for _, node := range l.service.Nodes() {
		if _, soon := l.leaving[node]; !soon && !l.hears(node) {
			l.service.Forget(node)
		}
	}
}
