package presence

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// Entry is what is seen of a user who is online.
type Entry struct {
	UserID     int64
	ExternalID string
	Activity   string    // Idle for those who may not see it
	Since      time.Time // when the activity began
}

// View is who is online at one moment, in order of arrival. It is valid during
// the call that hands it out.
type View struct{ service *Service }

// Public returns everybody as whoever is signed in may see him: what it yields
// is the same for all viewers.
func (v View) Public() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for p := range v.service.registry.all() {
			if !yield(p.entry(p.audience == account.Everyone)) {
				return
			}
		}
	}
}

// SeesMore reports whether a viewer sees anybody's activity that not everybody
// sees. It looks only at those who hide theirs from strangers, and at himself.
func (v View) SeesMore(viewerID int64) bool {
	s := v.service
	more := func(id int64) bool {
		p := s.registry.person(id)
		return p != nil && p.audience != account.Everyone && p.activity != Idle && s.sees(viewerID, p)
	}
	if more(viewerID) {
		return true
	}
	for ownerID, c := range s.circles {
		if c.ids[viewerID] && more(ownerID) {
			return true
		}
	}
	return false
}

// For returns everybody as one viewer may see him.
func (v View) For(viewerID int64) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for p := range v.service.registry.all() {
			if !yield(p.entry(v.service.sees(viewerID, p))) {
				return
			}
		}
	}
}

// Online returns who is online, in order of arrival, as the actor may see them.
// Errors: Unauthenticated.
func (s *Service) Online(_ context.Context, actor account.Actor) ([]Entry, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(View{s}.For(actor.User.ID)), nil
}

// Count returns how many users are online.
func (s *Service) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.registry.len()
}
