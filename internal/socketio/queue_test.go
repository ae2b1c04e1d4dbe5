package socketio

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A queue has what was pushed and not popped yet, in that order, however many
// blocks that takes.
func TestQueue(t *testing.T) {
	var q queue[int]
	var want []int
	random := rand.New(rand.NewPCG(1, 2))
	for next, upTo := 0, 0; next < 20_000; {
		if len(want) >= upTo { // as many as it may become
			for range random.IntN(len(want) + 1) {
				if got := q.pop(); got != want[0] {
					t.Fatalf("popped %d, want %d", got, want[0])
				}
				want = want[1:]
			}
			upTo = random.IntN(4 * block)
		}
		q.push(next)
		want = append(want, next)
		next++
		if q.len() != len(want) {
			t.Fatalf("%d items, want %d", q.len(), len(want))
		}
		var got []int
		for i := range q.len() {
			got = append(got, *q.at(i))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("it has %v, want %v", got, want)
		}
	}
	for q.len() > 0 {
		q.pop()
	}
	if q.blocks != nil || q.head != 0 {
		t.Errorf("an empty queue keeps %d blocks", len(q.blocks))
	}
}
