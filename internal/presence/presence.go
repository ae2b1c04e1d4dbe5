// Package presence knows who is online and what everybody is doing.
//
// A user is online while a connection of his is counted (Join, Leave), for a
// grace period after the last one, so that reloading a page goes unnoticed, or
// for a lease that he renews by telling his activity (Announce): on this node,
// or on another, which tells of it (Hear). What changes is published on
// Service.Changes, and what changes on this node on Service.Local.
package presence

import (
	"context"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/event"
)

const (
	// Idle is the activity of whoever tells of none, or shows it to nobody.
	Idle = "Idle"
	// MaxActivity is the greatest length of an activity, in characters.
	MaxActivity = 200
	// DefaultGrace is how long a user stays online without a connection.
	DefaultGrace = 5 * time.Second
	// Lease is how long Announce makes a user without a connection be online.
	Lease = 60 * time.Second
)

// Kind says what changed.
type Kind uint8

// The kinds of a Change.
const (
	Arrived         Kind = iota // he is online now, and Idle
	Left                        // he is not any more, and neither is his activity
	ActivityChanged             // he does something else now, as far as Viewers can tell
)

// Change is what a user's presence changed to.
type Change struct {
	Kind Kind
	Entry
	Viewers []int64 // the users who are to know, in ascending order; nil is everybody
}

// Store is what presence needs of a database.
type Store interface {
	// AcquaintancesOf returns, for each of the ids, with whom that user has
	// exchanged messages.
	AcquaintancesOf(ctx context.Context, ids []int64) (map[int64][]int64, error)
}

// Config are the parts a Service is made of.
type Config struct {
	Accounts *account.Service
	Store    Store
	Now      func() time.Time
	Grace    time.Duration // 0 is DefaultGrace
}

// Service holds the rules about presence. It is safe for concurrent use.
type Service struct {
	// Changes tells of every change, in order. The subscribers are called under
	// the lock of the service and must not call it.
	Changes event.Topic[Change]
	// Local tells of what other nodes are to Hear, likewise.
	Local event.Topic[Part]

	accounts *account.Service
	store    Store
	now      func() time.Time
	grace    time.Duration

	settings sync.Mutex // lets one user at a time change his audience, before mu

	mu         sync.Mutex // guards everything below; never held during a query
	registry   *registry
	departures map[int64]*time.Timer // of those without a connection
	circles    map[int64]*circle     // of those whose acquaintances see their activity
}

// NewService returns a service over its parts.
func NewService(c Config) *Service {
	if c.Grace == 0 {
		c.Grace = DefaultGrace
	}
	return &Service{
		accounts: c.Accounts, store: c.Store, registry: newRegistry(), now: c.Now, grace: c.Grace,
		departures: map[int64]*time.Timer{}, circles: map[int64]*circle{},
	}
}

// Join counts one more connection for each of the users, who have just been
// read and may be named more than once. Then it calls welcome, before anything
// else changes: under the lock of the service, which it must not call. Arrived
// is published for those who were not online. Each Join of a user is followed
// by one Leave, in the end. An error is one of the store, and then nothing has
// changed.
func (s *Service) Join(ctx context.Context, users []account.User, welcome func(View)) error {
	release, err := s.readCircles(ctx, users...)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer release()
	for _, u := range users {
		s.enter(u).connections++
		s.cancelDeparture(u.ID)
	}
	welcome(View{s})
	return nil
}

// Leave counts one connection less. After the last one, Left is published once
// the grace period has passed without another Join.
func (s *Service) Leave(userID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.registry.person(userID)
	if p == nil || p.connections == 0 {
		return
	}
	if p.connections--; p.connections == 0 {
		s.departAfter(userID, s.grace)
	}
}

// enter returns what is known of a user, who is on this node from now on, and
// does what he did on others.
func (s *Service) enter(u account.User) *person {
	p := s.registry.person(u.ID)
	if p == nil {
		p = &person{
			id: u.ID, externalID: u.ExternalID, audience: u.Audience, settled: u.Updated,
			arrived: s.now(), doing: doing{activity: Idle},
		}
	}
	s.settle(p, u.Audience, u.Updated)
	if p.on(own) == nil {
		s.stay(p, part{own, p.doing})
	}
	return p
}

// departAfter lets a user go in a while, unless cancelDeparture or another
// departAfter comes before.
func (s *Service) departAfter(userID int64, d time.Duration) {
	s.cancelDeparture(userID)
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		// A timer that could not be stopped any more is not in the map.
		if s.departures[userID] == timer {
			s.depart(userID)
		}
	})
	s.departures[userID] = timer
}

func (s *Service) cancelDeparture(userID int64) {
	if timer := s.departures[userID]; timer != nil {
		timer.Stop()
		delete(s.departures, userID)
	}
}

// depart takes a user from this node.
func (s *Service) depart(userID int64) {
	if p := s.registry.person(userID); p != nil {
		s.cancelDeparture(userID)
		s.leave(p, own)
	}
}
