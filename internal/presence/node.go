package presence

import (
	"context"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// Part is what one node has to say of a user. All nodes tell each other theirs,
// so that each has the whole picture.
//
// A user who is on several nodes does what he said last on any of them; each of
// these adopts that as its own, so that it stays when another node goes.
type Part struct {
	UserID     int64
	ExternalID string
	Online     bool             // he is on the node; otherwise only his audience is of interest
	Audience   account.Audience // who sees his activity
	Settled    time.Time        // when he chose that: of two nodes the later one is right
	Arrived    time.Time
	Activity   string
	Since      time.Time // when he told that; zero if he has not, and is Idle
}

// atOnce is how many parts are heard before others get a turn.
const atOnce = 100

// Snapshot returns the parts of all who are on this node.
func (s *Service) Snapshot() []Part {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := make([]Part, 0, len(s.registry.nodes[own]))
	for _, p := range s.registry.nodes[own] {
		parts = append(parts, p.part())
	}
	return parts
}

// part returns what this node has to say of a person.
func (p *person) part() Part {
	t := Part{UserID: p.id, ExternalID: p.externalID, Audience: p.audience, Settled: p.settled, Arrived: p.arrived}
	if mine := p.on(own); mine != nil {
		t.Online, t.Activity, t.Since = true, mine.activity, mine.since
	}
	return t
}

// Hear takes what another node has to say. If that is the whole, everybody else
// whom it had named is not on it any more. Parts of one node are heard in the
// order in which it told them. An error is one of the store, and then nothing
// has changed.
func (s *Service) Hear(ctx context.Context, node string, parts []Part, whole bool) error {
	users := make([]account.User, len(parts))
	for i, t := range parts {
		users[i] = account.User{ID: t.UserID, Audience: t.Audience}
	}
	release, err := s.readCircles(ctx, users...)
	if err != nil {
		return err
	}
	named := make(map[int64]bool, len(parts))
	for some := range slices.Chunk(parts, atOnce) {
		s.mu.Lock()
		for _, t := range some {
			named[t.UserID] = t.Online
			s.hear(node, t)
		}
		s.mu.Unlock()
	}
	var others []int64
	s.mu.Lock()
	release()
	if whole {
		others = slices.DeleteFunc(s.registry.onNode(node), func(id int64) bool { return named[id] })
	}
	s.mu.Unlock()
	s.forget(node, others)
	return nil
}

// hear takes one part.
func (s *Service) hear(node string, t Part) {
	p := s.registry.person(t.UserID)
	switch {
	case p != nil:
		s.settle(p, t.Audience, t.Settled)
	case t.Online:
		p = &person{
			id: t.UserID, externalID: t.ExternalID, audience: t.Audience, settled: t.Settled,
			arrived: t.Arrived, doing: doing{activity: Idle},
		}
	default:
		return
	}
	if !t.Online {
		s.leave(p, node)
		return
	}
	if t.Arrived.Before(p.arrived) {
		p.arrived = t.Arrived
	}
	s.stay(p, part{node, doing{t.Activity, t.Since}})
}

// Nodes returns the other nodes that have named anybody who is online.
func (s *Service) Nodes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var nodes []string
	for node := range s.registry.nodes {
		if node != own {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// Forget drops all that a node has said, as it is gone.
func (s *Service) Forget(node string) {
	s.mu.Lock()
	ids := s.registry.onNode(node)
	s.mu.Unlock()
	s.forget(node, ids)
}

// forget takes users from a node, if they are still there.
func (s *Service) forget(node string, ids []int64) {
	for some := range slices.Chunk(ids, atOnce) {
		s.mu.Lock()
		for _, id := range some {
			if p := s.registry.person(id); p != nil {
				s.leave(p, node)
			}
		}
		s.mu.Unlock()
	}
}

// Refresh reads again who may see the activities of those who are on this node:
// another node may have changed that, and not have been heard. An error is one
// of the store.
func (s *Service) Refresh(ctx context.Context) error {
	s.mu.Lock()
	ids := s.registry.onNode(own)
	s.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	byID, err := s.accounts.UsersByID(ctx, account.Operator(), ids)
	if err != nil {
		return err
	}
	users := make([]account.User, 0, len(byID))
	for _, u := range byID {
		users = append(users, u)
	}
	release, err := s.readCircles(ctx, users...)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer release()
	for _, u := range users {
		if p := s.registry.person(u.ID); p != nil && s.settle(p, u.Audience, u.Updated) && p.on(own) != nil {
			s.Local.Publish(p.part())
		}
	}
	return nil
}

// stay notes what a person does on a node, on which he is from now on, and
// tells of what that changes.
func (s *Service) stay(p *person, t part) {
	arrived := len(p.parts) == 0
	if known := p.on(t.node); known != nil {
		*known = t
	} else {
		s.registry.put(p, t)
	}
	if t.node == own {
		s.Local.Publish(p.part())
	}
	if arrived {
		s.Changes.Publish(Change{Kind: Arrived, Entry: p.entry(true)})
	}
	s.follow(p)
}

// leave takes a person from a node, if he is on it, and tells of what that
// changes.
func (s *Service) leave(p *person, node string) {
	if p.on(node) == nil {
		return
	}
	s.registry.remove(p, node)
	if node == own {
		s.Local.Publish(p.part())
	}
	if len(p.parts) > 0 {
		s.follow(p)
		return
	}
	s.forgetCircle(p.id)
	s.Changes.Publish(Change{Kind: Left, Entry: p.entry(false)})
}

// follow has a person do what he did last on any of his nodes.
func (s *Service) follow(p *person) {
	before := p.doing
	p.doing = p.last()
	if mine := p.on(own); mine != nil && mine.doing != p.doing {
		mine.doing = p.doing
		s.Local.Publish(p.part())
	}
	if p.activity != before.activity {
		s.Changes.Publish(Change{Kind: ActivityChanged, Entry: p.entry(true), Viewers: s.viewers(p)})
	}
}
