package node

import (
	"context"
	"errors"
	"sync"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A directory is the encoded list of all users. Everybody gets it without
// himself, so that one encoding serves all callers until an account changes.
type directory struct {
	mu       sync.Mutex
	revision uint64
	key      string         // of the addresses in it
	known    bool           // for the revision and key; false before the first
	items    []byte         // the users, each with a comma behind it; nil if they are too many to keep
	place    map[int64]span // of each user in items
}

type span struct{ from, to int }

// without returns the list without one user. ok is false if there are more
// users than are kept.
func (c *directory) without(ctx context.Context, d *Dialect, actor account.Actor, m kit.Media) (body []byte, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := d.c.Accounts.Revision() // before reading, so that no change is missed
	if !c.known || c.revision != now || c.key != m.Key() {
		if err := c.read(ctx, d, actor, m); err != nil {
			return nil, false, err
		}
		c.revision, c.key, c.known = now, m.Key(), true
	}
	if c.items == nil {
		return nil, false, nil
	}
	self := c.place[actor.User.ID]
	body = make([]byte, 0, len(c.items)+2)
	body = append(body, '[')
	body = append(body, c.items[:self.from]...)
	body = append(body, c.items[self.to:]...)
	if last := len(body) - 1; body[last] == ',' {
		body = body[:last]
	}
	return append(body, ']'), true, nil
}

func (c *directory) read(ctx context.Context, d *Dialect, actor account.Actor, m kit.Media) error {
	c.items, c.place = make([]byte, 0, len(c.items)), map[int64]span{}
	err := d.c.Accounts.EachUser(ctx, actor, account.UserFilter{}, func(u account.User) error {
		from := len(c.items)
		c.items = append(appendUser(c.items, u, m), ',')
		c.place[u.ID] = span{from, len(c.items)}
		if len(c.items) > wholeList {
			return errEnough
		}
		return nil
	})
	if err != nil {
		c.items, c.place, c.known = nil, nil, false
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
