package presence

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRegistry does random things to a registry and, the plain way, to a list.
func TestRegistry(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	r := newRegistry()
	var want []int64 // who is online, in order of arrival
	nodes := map[int64]map[string]bool{}
	for step := range 10_000 {
		id := random.Int64N(30)
		node := [...]string{own, "a", "b"}[random.IntN(3)]
		p := r.person(id)
		if (p != nil) != slices.Contains(want, id) {
			t.Fatalf("%d is %+v", id, p)
		}
		if p != nil && (p.on(node) != nil) != nodes[id][node] {
			t.Fatalf("%d on %q: %+v", id, node, p.on(node))
		}
		// Now more arrive than leave, and now fewer.
		switch {
		case nodes[id][node] && random.IntN(4) < 1+2*(step/1000%2):
			r.remove(p, node)
			if delete(nodes[id], node); len(nodes[id]) == 0 {
				want = slices.DeleteFunc(want, func(other int64) bool { return other == id })
			}
		case !nodes[id][node] && random.IntN(2) == 0:
			if p == nil {
				p, nodes[id] = &person{id: id}, map[string]bool{}
				want = append(want, id)
			}
			r.put(p, part{node: node})
			nodes[id][node] = true
		}
		var all []int64
		for p := range r.all() {
			all = append(all, p.id)
		}
		if !slices.Equal(all, want) || r.len() != len(want) {
			t.Fatalf("%v, want %v", all, want)
		}
		for _, id := range r.onNode(node) {
			if !nodes[id][node] {
				t.Fatalf("%d is not on %q", id, node)
			}
		}
	}
	for range r.all() {
		break // whoever has seen enough is shown no more
	}
}
