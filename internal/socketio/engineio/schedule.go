package engineio

import (
	"sync"
	"time"
)

// A mark says in which lists of the scheduler a session is.
type mark uint8

const (
	urgent mark = 1 << iota // written as soon as a flusher is free
	soon                    // written at the next tick
)

// A scheduler tells flushers which session to write to next: those that are
// urgent first, and then those of the tick under way.
//
// A tick begins when something waits for it and enough time has passed since
// the last one began: the least time, or twice what the last one took, so that
// at most half of the flushers' time goes into ticks and, the busier the server
// is, the more goes out with one write. Half of the flushers, at least one, write
// for ticks; the others keep a processor free for what cannot wait.
type scheduler struct {
	least, most time.Duration // between the beginnings of two ticks

	mu      sync.Mutex
	express *sync.Cond  // wakes flushers that write only what is urgent
	idle    int         // how many of them wait
	general *sync.Cond  // wakes the others
	held    int         // while it is not 0, no tick begins
	inRow   int         // urgent sessions that were taken since one of a tick
	urgent  fifo        // sessions to be written to at once
	soon    []*Session  // sessions that wait for the next tick
	tick    fifo        // of the tick under way, the sessions not taken yet
	left    int         // of the tick under way, how many are not finished
	began   time.Time   // when it began
	next    time.Time   // when the next one may begin
	alarm   *time.Timer // wakes a flusher at next
	alarmed bool        // alarm is set
	stopped bool
}

func newScheduler(least, most time.Duration) *scheduler {
	q := &scheduler{least: least, most: most}
	q.express, q.general = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// add puts a session into a list. The caller has seen to it that it is not
// there already.
func (q *scheduler) add(s *Session, m mark) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m == urgent {
		q.urgent.push(s)
		if q.idle > 0 {
			q.express.Signal()
		} else {
			q.general.Signal()
		}
		return
	}
	q.soon = append(q.soon, s)
	if len(q.soon) == 1 && q.left == 0 && q.held == 0 {
		q.general.Signal()
	}
}

// together runs do, and begins no tick meanwhile, so that what do adds for the
// next tick is not torn over two.
func (q *scheduler) together(do func()) {
	q.mu.Lock()
	q.held++
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		// Not left to a flusher: the next call may come before it wakes up.
		if q.held--; q.held == 0 && len(q.soon) > 0 && q.left == 0 {
			q.begin()
		}
	}()
	do()
}

// workExpress is a flusher of what is urgent, until the scheduler is stopped.
func (q *scheduler) workExpress() {
	var w writer
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped || !q.urgent.empty() {
		s := q.urgent.pop()
		if s == nil {
			q.idle++
			q.express.Wait()
			q.idle--
			continue
		}
		q.mu.Unlock()
		s.flush(&w, urgent)
		q.mu.Lock()
	}
}

// work is a flusher of everything, until the scheduler is stopped.
func (q *scheduler) work() {
	var w writer
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		s, m := q.take()
		if s == nil {
			if q.stopped {
				return
			}
			q.general.Wait()
			continue
		}
		q.mu.Unlock()
		s.flush(&w, m)
		q.mu.Lock()
		if m == soon {
			q.finish()
		}
	}
}

// urgentInRow is how many urgent sessions are taken before one of a tick has its
// turn all the same, so that a flood of messages does not stop the ticks.
const urgentInRow = 8

// take returns the session to write to, and the list it was in; nil if there is
// nothing to do at the moment.
func (q *scheduler) take() (*Session, mark) {
	if q.inRow < urgentInRow {
		if s := q.urgent.pop(); s != nil {
			q.inRow++
			return s, urgent
		}
	}
	q.inRow = 0
	if len(q.soon) > 0 && q.left == 0 && q.held == 0 {
		q.begin()
	}
	if s := q.tick.pop(); s != nil {
		return s, soon
	}
	return q.urgent.pop(), urgent
}

// begin begins a tick, or sets the alarm if it is too early.
func (q *scheduler) begin() {
	now := time.Now()
	if wait := q.next.Sub(now); wait > 0 {
		if !q.alarmed {
			q.alarmed = true
			q.setAlarm(wait)
		}
		return
	}
	q.began = now
	q.left = len(q.soon)
	q.soon = q.tick.swap(q.soon)
	q.general.Broadcast()
}

func (q *scheduler) setAlarm(wait time.Duration) {
	if q.alarm != nil {
		q.alarm.Reset(wait)
		return
	}
	q.alarm = time.AfterFunc(wait, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.alarmed = false
		q.general.Signal()
	})
}

// finish counts a session of the tick as written.
func (q *scheduler) finish() {
	q.left--
	if q.left == 0 {
		took := time.Since(q.began)
		q.next = q.began.Add(min(max(2*took, q.least), q.most))
	}
}

// stop ends the flushers. What is still marked is not written.
func (q *scheduler) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	if q.alarm != nil {
		q.alarm.Stop()
	}
	q.express.Broadcast()
	q.general.Broadcast()
}

// A fifo is a queue of sessions.
type fifo struct {
	items []*Session
	head  int // items before it are taken
}

func (f *fifo) push(s *Session) {
	// A queue that never runs empty must not grow for ever.
	if f.head > 1024 && f.head > len(f.items)/2 {
		n := copy(f.items, f.items[f.head:])
		clear(f.items[n:])
		f.items, f.head = f.items[:n], 0
	}
	f.items = append(f.items, s)
}

func (f *fifo) empty() bool { return f.head == len(f.items) }

// pop returns nil when the queue is empty.
func (f *fifo) pop() *Session {
	if f.head == len(f.items) {
		f.items, f.head = f.items[:0], 0
		return nil
	}
	s := f.items[f.head]
	f.items[f.head] = nil
	f.head++
	return s
}

// swap makes items the contents of the empty queue and returns the old storage,
// empty.
func (f *fifo) swap(items []*Session) []*Session {
	old := f.items[:0]
	f.items, f.head = items, 0
	return old
}
