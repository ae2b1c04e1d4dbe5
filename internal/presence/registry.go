package presence

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// person is what is known of a user who is online: on this node, on others, or
// on several.
type person struct {
	id         int64
	externalID string
	audience   account.Audience // who sees his activity
	settled    time.Time        // when he chose that; see Part.Settled
	arrived    time.Time
	doing
	parts       []part // of the nodes he is on, in no order; at least one
	connections int    // on this node
}

// doing is an activity and since when; at the zero time nobody has told any.
type doing struct {
	activity string
	since    time.Time
}

// part is what one node says that a person does. The nodes that he is on adopt
// what he does last from each other.
type part struct {
	node string // own is this one
	doing
}

// own is what this node is called here.
const own = ""

// after reports whether one activity replaces another. All nodes decide alike.
func (d doing) after(e doing) bool {
	return cmp.Or(d.since.Compare(e.since), cmp.Compare(d.activity, e.activity)) > 0
}

// on returns the part of a node, or nil.
func (p *person) on(node string) *part {
	for i := range p.parts {
		if p.parts[i].node == node {
			return &p.parts[i]
		}
	}
	return nil
}

// last returns what the person does as the latest of his nodes says.
func (p *person) last() doing {
	d := p.parts[0].doing
	for _, other := range p.parts[1:] {
		if other.after(d) {
			d = other.doing
		}
	}
	return d
}

// entry returns what others see of a person. When a hidden activity began is
// hidden as well.
func (p *person) entry(open bool) Entry {
	e := Entry{UserID: p.id, ExternalID: p.externalID, Activity: Idle, Since: p.arrived}
	if open {
		e.Activity = p.activity
		if !p.since.IsZero() {
			e.Since = p.since
		}
	}
	return e
}

// registry keeps who is online. A change costs the same however many are. It is
// not safe for concurrent use.
type registry struct {
	places map[int64]int // of users in people
	people []*person     // in order of arrival, nil for those who have left; at least half are there
	nodes  map[string]map[int64]*person
}

func newRegistry() *registry {
	return &registry{places: map[int64]int{}, nodes: map[string]map[int64]*person{}}
}

// person returns who is online by that id, or nil.
func (r *registry) person(userID int64) *person {
	if at, ok := r.places[userID]; ok {
		return r.people[at]
	}
	return nil
}

// put adds a part to a person, and makes him online, after all the others, if
// he is not. He has no part of that node yet.
func (r *registry) put(p *person, t part) {
	if _, ok := r.places[p.id]; !ok {
		r.places[p.id] = len(r.people)
		r.people = append(r.people, p)
	}
	p.parts = append(p.parts, t)
	if r.nodes[t.node] == nil {
		r.nodes[t.node] = map[int64]*person{}
	}
	r.nodes[t.node][p.id] = p
}

// remove takes the part of a node from a person, and makes him offline with the
// last one. Those who come after an empty place move up only once half of all
// are empty, so that it costs little on average.
func (r *registry) remove(p *person, node string) {
	p.parts = slices.DeleteFunc(p.parts, func(t part) bool { return t.node == node })
	if delete(r.nodes[node], p.id); len(r.nodes[node]) == 0 {
		delete(r.nodes, node)
	}
	if len(p.parts) > 0 {
		return
	}
	r.people[r.places[p.id]] = nil
	delete(r.places, p.id)
	if 2*len(r.places) >= len(r.people) {
		return
	}
	r.people = slices.DeleteFunc(r.people, func(p *person) bool { return p == nil })
	for at, p := range r.people {
		r.places[p.id] = at
	}
}

// len returns how many are online.
func (r *registry) len() int { return len(r.places) }

// all yields everybody in order of arrival. Nothing may change meanwhile.
func (r *registry) all() iter.Seq[*person] {
	return func(yield func(*person) bool) {
		for _, p := range r.people {
			if p != nil && !yield(p) {
				return
			}
		}
	}
}

// onNode returns the ids of who is on a node.
func (r *registry) onNode(node string) []int64 { return slices.Sorted(maps.Keys(r.nodes[node])) }
