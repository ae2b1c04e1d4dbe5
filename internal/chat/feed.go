package chat

import (
	"context"
	"sync"
	"time"
)

// A Batch is messages that were stored in one transaction. Batches become
// visible in the order of their messages' ids, whichever node stores them.
type Batch struct {
	Prev     int64 // an id below theirs, and not below any from before
	Messages []Message
}

// The feed tells of every new message once, in the order of the ids, on every node.
// The table of messages is what it follows; that batches come from the outbox
// and from other nodes only makes it quick.
type feed struct {
	mu    sync.Mutex
	begun bool
	last  int64 // the id of the last message that was told
}

// catchUpPage is how many messages are read at once.
const catchUpPage = 500

// catchUpTime bounds how long the reading of what came before may hold up what
// comes after.
const catchUpTime = 10 * time.Second

// news is how old a message may be of which somebody is told late. What is older
// was brought in from former days, by the demo library for one, or a node was cut
// off for so long that people have it from the history.
const news = 10 * time.Minute

// Hear takes messages that another node has stored, and tells of those that
// were not told yet.
func (s *Service) Hear(ctx context.Context, b Batch) error {
	return s.feed.deliver(ctx, s, b, func(Message) {})
}

// CatchUp tells of all that other nodes have stored and this one was not told
// of. The first call tells of nothing: it begins with what is there.
func (s *Service) CatchUp(ctx context.Context) error {
	last, err := s.c.Store.LastMessageID(ctx)
	if err != nil {
		return err
	}
	f := &s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		f.begun, f.last = true, last
		return nil
	}
	return f.follow(ctx, s, last)
}

// deliver tells of a batch, and before that of all that was stored before it.
// told is called after each message of the batch. After an error nobody is told
// of any, until a later call has told of what is missing.
func (f *feed) deliver(ctx context.Context, s *Service, b Batch, told func(Message)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		f.begun, f.last = true, b.Prev
	}
	if b.Prev > f.last {
		ctx, cancel := context.WithTimeout(ctx, catchUpTime)
		defer cancel()
		if err := f.follow(ctx, s, b.Prev); err != nil {
			return err
		}
	}
	for _, m := range b.Messages {
		f.tell(s, m)
		told(m)
	}
	return nil
}

// follow tells of all that is stored up to an id, and is news. The feed is locked.
func (f *feed) follow(ctx context.Context, s *Service, until int64) error {
	for f.last < until {
		list, err := s.c.Store.MessagesAfter(ctx, f.last, catchUpPage)
		if err != nil {
			return err
		}
		oldest := s.c.Now().Add(-news)
		for _, m := range list {
			if m.Created.Before(oldest) {
				f.last = m.ID
				continue
			}
			f.tell(s, m)
		}
		if len(list) < catchUpPage {
			f.last = max(f.last, until) // what is missing was deleted
		}
	}
	return nil
}

// tell tells of a message, unless that was done. The feed is locked.
func (f *feed) tell(s *Service, m Message) {
	if m.ID > f.last {
		f.last = m.ID
		s.Sent.Publish(m)
	}
}
