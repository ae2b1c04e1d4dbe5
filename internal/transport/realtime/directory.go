package realtime

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// A directory knows who is here, and the external ids of users, which never
// change.
type directory struct {
	mu   sync.Mutex
	here map[int64]*presentUser
	ids  map[int64]string // of those who were spoken of lately, here or not
}

type presentUser struct {
	sockets int
	left    time.Time // when the last socket ended; zero while there is one
}

// directorySize bounds the external ids that are remembered; at the bound the
// directory starts afresh.
const directorySize = 50_000

func newDirectory() *directory {
	return &directory{here: map[int64]*presentUser{}, ids: map[int64]string{}}
}

// enter counts a socket of a user.
func (d *directory) enter(id int64, externalID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(id, externalID)
	u := d.here[id]
	if u == nil {
		u = &presentUser{}
		d.here[id] = u
	}
	u.sockets++
	u.left = time.Time{}
}

// leave discounts a socket. The user is here until forget: a session that broke
// off may be taken up again, and then wants what was sent meanwhile.
func (d *directory) leave(id int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if u := d.here[id]; u != nil {
		if u.sockets--; u.sockets == 0 {
			u.left = time.Now()
		}
	}
}

// forget drops those whose last socket ended before a time.
func (d *directory) forget(before time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, u := range d.here {
		if u.sockets == 0 && u.left.Before(before) {
			delete(d.here, id)
		}
	}
}

// note remembers a user's external id.
func (d *directory) note(id int64, externalID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(id, externalID)
}

func (d *directory) put(id int64, externalID string) {
	if _, known := d.ids[id]; !known && len(d.ids) >= directorySize {
		clear(d.ids)
	}
	d.ids[id] = externalID
}

// anyHere reports whether one of the users is here.
func (d *directory) anyHere(ids ...int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(ids, func(id int64) bool { return d.here[id] != nil })
}

// names returns the external ids of users as far as they are remembered, "" for
// the others, who are returned too.
func (d *directory) names(ids []int64) (names []string, unknown []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names = make([]string, len(ids))
	for i, id := range ids {
		if names[i] = d.ids[id]; names[i] == "" {
			unknown = append(unknown, id)
		}
	}
	return names, unknown
}

// names returns the external ids of users, "" for those that do not exist.
func (rt *Realtime) names(ctx context.Context, ids ...int64) ([]string, error) {
	names, unknown := rt.people.names(ids)
	if len(unknown) == 0 {
		return names, nil
	}
	users, err := rt.c.Accounts.UsersByID(ctx, account.Operator(), unknown)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if u, ok := users[id]; ok {
			rt.people.note(id, u.ExternalID)
			names[i] = u.ExternalID
		}
	}
	return names, nil
}
