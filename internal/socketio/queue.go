package socketio

// queue is first in, first out, and gives memory back as it empties.
type queue[T any] struct {
	items []T
	head  int // items before it are gone
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

// at returns an item; 0 is the oldest.
func (q *queue[T]) at(i int) *T { return &q.items[q.head+i] }

func (q *queue[T]) push(item T) { q.items = append(q.items, item) }

// pop removes the oldest item. Once half of the slice is gone, the rest moves
// to one of its own size, so that each item is moved about once.
func (q *queue[T]) pop() T {
	item := q.items[q.head]
	var zero T
	q.items[q.head] = zero
	q.head++
	if q.head >= q.len() && q.head >= 64 || q.len() == 0 {
		q.items = append([]T(nil), q.items[q.head:]...)
		q.head = 0
	}
	return item
}
