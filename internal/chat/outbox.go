package chat

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Bounds of the outbox.
const (
	maxWaiting    = 10_000   // messages that may wait to be stored
	maxBytes      = 64 << 20 // of their contents
	maxBatch      = 2000     // messages stored at once
	maxBatchBytes = 4 << 20  // of their contents
)

// How far apart batches begin at least: the further, the more messages there
// were in the last. Half as many commits cost a busy server much less, and where
// few write at once nobody waits for others.
const (
	gatherPerMessage = 50 * time.Microsecond
	gatherAtMost     = 2 * time.Millisecond
)

// clockSlack is how far the clock may go back, as clocks do that are kept right
// over the network, without being followed: the messages keep their order. One
// that is set back further was wrong before.
const clockSlack = 10 * time.Second

// The outbox holds what was sent until it is stored. What comes in while a
// batch is being stored makes up the next batch, so that many senders share the
// cost of one commit, and a single one waits for nothing but his own.
type outbox struct {
	mu      sync.Mutex
	waiting []letter
	bytes   int        // of the contents of those who wait
	last    time.Time  // when the last of them was created
	filled  *sync.Cond // wakes the goroutine that stores what waits; nil before the first letter
	telling bool       // it is telling what became of a batch
	closed  bool
	changed chan struct{} // closed when it may be worth another try to get in; nil if nobody waits for that
	drains  sync.WaitGroup
}

// A letter is a message on its way into the store.
type letter struct {
	Message
	done func(Message, error)
}

// Send stores a message from the actor and returns once it is safe. If ctx
// ends before, the message may be stored all the same. Errors: Unauthenticated;
// Invalid with the fields receiver and content; Unavailable after Close.
func (s *Service) Send(ctx context.Context, actor account.Actor, receiverID int64, content string) (Message, error) {
	type answer struct {
		m   Message
		err error
	}
	sent := make(chan answer, 1)
	s.Post(ctx, actor, receiverID, content, func(m Message, err error) { sent <- answer{m, err} })
	select {
	case a := <-sent:
		return a.m, a.err
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
}

// Post is Send without the waiting: done is told what became of the message,
// exactly once and after Sent, in the order of the calls of Post; but at once
// if the message cannot be taken at all. Post returns when the message is
// taken, for which it waits while too many others do, until ctx ends.
//
// All calls of done come one after another, so done must be quick. It may Post,
// but not Send.
func (s *Service) Post(ctx context.Context, actor account.Actor, receiverID int64, content string, done func(Message, error)) {
	err := actor.RequireKnown()
	if err == nil {
		err = errs.InvalidFields(checkContent(content)...)
	}
	if err == nil {
		err = s.take(ctx, letter{Message{SenderID: actor.User.ID, ReceiverID: receiverID, Content: content}, done})
	}
	if err != nil {
		done(Message{}, err)
	}
}

// Close waits until all that was taken is stored and told; from now on nothing
// is taken any more.
func (s *Service) Close() {
	o := &s.outbox
	o.mu.Lock()
	o.closed = true
	o.admit()
	o.wake()
	o.mu.Unlock()
	o.drains.Wait()
}

// take puts a letter into the outbox once there is room, and sees to it that
// the outbox is emptied.
func (s *Service) take(ctx context.Context, l letter) error {
	o := &s.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.full() {
		if err := o.wait(ctx); err != nil {
			return err
		}
	}
	if o.closed {
		return errs.New(errs.Unavailable, "The server is shutting down.")
	}
	l.Created = o.next(s.c.Now())
	l.Updated = l.Created
	l.OID = s.c.IDs.New()
	o.waiting = append(o.waiting, l)
	o.bytes += len(l.Content)
	if o.filled == nil {
		o.filled = sync.NewCond(&o.mu)
		o.drains.Go(s.drain)
	}
	o.wake()
	return nil
}

// wake tells the goroutine that stores what waits to look again, if there is one.
func (o *outbox) wake() {
	if o.filled != nil {
		o.filled.Signal()
	}
}

// full reports whether a letter has to wait outside. Nobody does while done is
// called, since he may be the one who calls: he would wait for himself.
func (o *outbox) full() bool {
	return (len(o.waiting) >= maxWaiting || o.bytes >= maxBytes) && !o.telling && !o.closed
}

// wait lets go of the lock until there may be room, or ctx ends.
func (o *outbox) wait(ctx context.Context) error {
	if o.changed == nil {
		o.changed = make(chan struct{})
	}
	changed := o.changed
	o.mu.Unlock()
	defer o.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// admit has everybody who waits outside try again.
func (o *outbox) admit() {
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}

// next returns when a message is created that is sent now: after all others.
func (o *outbox) next(now time.Time) time.Time {
	if behind := o.last.Sub(now); behind >= 0 && behind < clockSlack {
		now = o.last.Add(time.Microsecond)
	}
	o.last = now
	return now
}

// drain stores what waits, batch by batch, until the outbox is closed and empty.
// Nobody in particular waits for it, so nobody's leaving stops it. It is one
// goroutine for good, because its stack would have to grow for the database again
// each time.
func (s *Service) drain() {
	for batch := s.outbox.batch(); len(batch) > 0; batch = s.outbox.batch() {
		began := time.Now()
		messages := make([]Message, len(batch))
		for i, l := range batch {
			messages[i] = l.Message
		}
		prev, err := s.c.Store.InsertMessages(context.Background(), messages)
		s.outbox.tell()
		answered := 0
		answer := func(until int) {
			for ; answered < until; answered++ {
				batch[answered].answer(messages[answered], err)
			}
		}
		if err == nil {
			s.publish(prev, messages, answer)
		}
		answer(len(batch))
		s.outbox.told()
		time.Sleep(min(time.Duration(len(batch))*gatherPerMessage, gatherAtMost) - time.Since(began))
	}
}

// answer tells what became of a letter.
func (l letter) answer(m Message, err error) {
	switch {
	case err != nil:
		l.done(Message{}, err)
	case m.ID == 0:
		l.done(Message{}, errs.InvalidFields(errs.Field{Name: "receiver", Code: errs.Unknown}))
	default:
		l.done(m, nil)
	}
}

// publish tells of what was stored, to the other nodes and here; told is called
// after each, with how many of the messages are done with. If what other nodes
// have stored before cannot be read for long, nobody here is told for now: see
// CatchUp.
func (s *Service) publish(prev int64, messages []Message, told func(n int)) {
	b := Batch{Prev: prev, Messages: messages}
	if slices.ContainsFunc(messages, func(m Message) bool { return m.ID == 0 }) {
		b.Messages = slices.DeleteFunc(slices.Clone(messages), func(m Message) bool { return m.ID == 0 })
	}
	if len(b.Messages) == 0 {
		return
	}
	s.Stored.Publish(b)
	n := 0
	deliver := func() error {
		return s.feed.deliver(context.Background(), s, b, func(m Message) {
			for messages[n].ID != m.ID {
				n++
			}
			n++
			told(n)
		})
	}
	err := deliver()
	for began := time.Now(); err != nil && time.Since(began) < tellFor; err = deliver() {
		time.Sleep(tellAgain)
	}
	if err != nil {
		s.c.Log.Warn("messages are told later", "error", err)
	}
}

// How often, and for how long, what was stored before is read again if that
// fails: as long as the database is away, nothing can be stored anyway.
const (
	tellAgain = 100 * time.Millisecond
	tellFor   = 30 * time.Second
)

// batch waits for something and takes out what is to be stored next; nothing is
// the end.
func (o *outbox) batch() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.waiting) == 0 && !o.closed {
		o.filled.Wait()
	}
	n, size := 0, 0
	for n < min(len(o.waiting), maxBatch) && (n == 0 || size+len(o.waiting[n].Content) <= maxBatchBytes) {
		size += len(o.waiting[n].Content)
		n++
	}
	o.bytes -= size
	batch := o.waiting[:n:n]
	if o.waiting = o.waiting[n:]; len(o.waiting) == 0 {
		o.waiting = nil
	}
	o.admit()
	return batch
}

// told ends the telling.
func (o *outbox) told() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.telling = false
}

// tell begins the telling, which told ends.
func (o *outbox) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.telling = true
	o.admit()
}
