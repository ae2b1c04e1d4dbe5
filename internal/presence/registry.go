package presence

import (
	"iter"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// Person is what is known of a user who is online.
type Person struct {
	ID         int64
	ExternalID string
	Audience   account.Audience // who sees his activity
	Arrived    time.Time
	Activity   string
	Since      time.Time // when the activity began
}

// entry returns what others see of a person. When a hidden activity began is
// hidden as well.
func (p Person) entry(open bool) Entry {
	if !open {
		p.Activity, p.Since = Idle, p.Arrived
	}
	return Entry{UserID: p.ID, ExternalID: p.ExternalID, Activity: p.Activity, Since: p.Since}
}

// Registry keeps who is online; a Service holds the rules over it, and calls
// it under its lock.
type Registry interface {
	// Person returns what is known of a user; false if he is not online.
	Person(userID int64) (Person, bool)
	// Put replaces what is known of a user, or makes him online, after all the
	// others and without a connection.
	Put(p Person)
	// Count adds to a user's connections and returns how many there are then;
	// always 0 for one who is not online.
	Count(userID int64, by int) int
	// Remove makes a user offline.
	Remove(userID int64)
	// Len returns how many are online.
	Len() int
	// All yields everybody in order of arrival. Nothing may change meanwhile.
	All() iter.Seq[Person]
}

// Memory is the Registry of a single process. A change costs the same however
// many are online. It is not safe for concurrent use.
type Memory struct {
	places map[int64]int // of users in slots
	slots  []slot        // in order of arrival; at least half are taken
}

type slot struct {
	Person
	connections int
	empty       bool // he has left
}

// NewMemory returns a registry of nobody.
func NewMemory() *Memory { return &Memory{places: map[int64]int{}} }

// Person implements Registry.
func (m *Memory) Person(userID int64) (Person, bool) {
	if at, ok := m.places[userID]; ok {
		return m.slots[at].Person, true
	}
	return Person{}, false
}

// Put implements Registry.
func (m *Memory) Put(p Person) {
	if at, ok := m.places[p.ID]; ok {
		m.slots[at].Person = p
		return
	}
	m.places[p.ID] = len(m.slots)
	m.slots = append(m.slots, slot{Person: p})
}

// Count implements Registry.
func (m *Memory) Count(userID int64, by int) int {
	at, ok := m.places[userID]
	if !ok {
		return 0
	}
	m.slots[at].connections += by
	return m.slots[at].connections
}

// Remove implements Registry. Those who come after an empty slot move up only
// once half of all are empty, so that it costs little on average.
func (m *Memory) Remove(userID int64) {
	at, ok := m.places[userID]
	if !ok {
		return
	}
	delete(m.places, userID)
	m.slots[at] = slot{empty: true}
	if 2*len(m.places) >= len(m.slots) {
		return
	}
	m.slots = slices.DeleteFunc(m.slots, func(s slot) bool { return s.empty })
	for at, s := range m.slots {
		m.places[s.ID] = at
	}
}

// Len implements Registry.
func (m *Memory) Len() int { return len(m.places) }

// All implements Registry.
func (m *Memory) All() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for i := range m.slots {
			if s := &m.slots[i]; !s.empty && !yield(s.Person) {
				return
			}
		}
	}
}
