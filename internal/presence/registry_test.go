package presence_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/presence"
)

// TestMemory does random things to a registry and, the plain way, to a list.
func TestMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := presence.NewMemory()
	var want []presence.Person
	count := map[int64]int{}
	for step := range 10_000 {
		id := random.Int64N(30)
		at := slices.IndexFunc(want, func(p presence.Person) bool { return p.ID == id })
		if got, ok := m.Person(id); ok != (at >= 0) || ok && got != want[at] {
			t.Fatalf("%d is %+v, %v", id, got, ok)
		}
		// Now more arrive than leave, and now fewer.
		switch action := random.IntN(6); {
		case action < 2+2*(step/1000%2):
			m.Remove(id)
			delete(count, id)
			if at >= 0 {
				want = slices.Delete(want, at, at+1)
			}
		case action == 4:
			by := random.IntN(3)
			if at >= 0 {
				count[id] += by
			}
			if got := m.Count(id, by); got != count[id] {
				t.Fatalf("%d has %d connections, want %d", id, got, count[id])
			}
		default:
			p := presence.Person{ID: id, Activity: string(rune('a' + random.IntN(26)))}
			m.Put(p)
			if at >= 0 {
				want[at] = p
			} else {
				want = append(want, p)
			}
		}
		if all := slices.Collect(m.All()); !slices.Equal(all, want) {
			t.Fatalf("%v, want %v", all, want)
		}
	}
	for range m.All() {
		break // whoever has seen enough is shown no more
	}
}
