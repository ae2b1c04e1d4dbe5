package socketio

// queue is first in, first out. It is made of blocks, so that what is in it
// never moves, and gives memory back as it empties.
type queue[T any] struct {
	blocks [][]T // all but the last are full
	head   int   // items of the first that are gone
}

// block is how many items one of many blocks has. The first grows to that.
const block = 64

func (q *queue[T]) len() int {
	if len(q.blocks) == 0 {
		return 0
	}
	last := len(q.blocks) - 1
	return last*block + len(q.blocks[last]) - q.head
}

// at returns an item; 0 is the oldest.
func (q *queue[T]) at(i int) *T {
	i += q.head
	return &q.blocks[i/block][i%block]
}

func (q *queue[T]) push(item T) {
	last := len(q.blocks) - 1
	switch {
	case last < 0:
		q.blocks = append(q.blocks, []T{item})
	case len(q.blocks[last]) == block:
		q.blocks = append(q.blocks, append(make([]T, 0, block), item))
	default:
		q.blocks[last] = append(q.blocks[last], item)
	}
}

// pop removes the oldest item.
func (q *queue[T]) pop() T {
	first := q.blocks[0]
	item := first[q.head]
	var zero T
	first[q.head] = zero
	if q.head++; q.head == len(first) { // full, or the last
		q.blocks[0], q.head = nil, 0
		if q.blocks = q.blocks[1:]; len(q.blocks) == 0 {
			q.blocks = nil
		}
	}
	return item
}
