package presence

import (
	"context"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// A circle is whom a user knows, remembered while that decides who sees his
// activity.
type circle struct {
	ids     map[int64]bool
	whole   bool // the store was asked; until then there are only those that Acquaint named
	readers int  // calls between readCircles and its release
}

// SetAudience changes who sees the actor's activity, and shows it to those who
// see it from now on, and Idle to those who do not any more. Errors:
// Unauthenticated; Invalid with the field audience.
func (s *Service) SetAudience(ctx context.Context, actor account.Actor, audience account.Audience) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	// What is shown is what was stored last.
	s.settings.Lock()
	defer s.settings.Unlock()
	user := actor.User
	user.Audience = audience
	release, err := s.readCircles(ctx, user)
	if err != nil {
		return err
	}
	user, err = s.accounts.UpdateProfile(ctx, actor, account.Profile{Audience: &audience})
	s.mu.Lock()
	defer s.mu.Unlock()
	defer release()
	if err != nil {
		return err
	}
	p := s.registry.person(user.ID)
	if p == nil { // others may know him
		s.Local.Publish(Part{UserID: user.ID, ExternalID: user.ExternalID, Audience: audience, Settled: user.Updated})
		return nil
	}
	if !user.Updated.After(p.settled) {
		user.Updated = p.settled.Add(time.Microsecond)
	}
	s.settle(p, audience, user.Updated)
	s.Local.Publish(p.part())
	return nil
}

// settle changes who sees the activity of a person, whose circle is remembered
// if that matters now. It reports whether this is news: what he chose later
// stays.
func (s *Service) settle(p *person, audience account.Audience, at time.Time) bool {
	if !at.After(p.settled) {
		return false
	}
	before := *p
	p.audience, p.settled = audience, at
	if audience == before.audience {
		return false
	}
	s.showInstead(&before, p)
	s.forgetCircle(p.id)
	return true
}

// showInstead publishes the activity of a person to those who did not see it
// before a change of his audience, and Idle to those who did.
func (s *Service) showInstead(before, after *person) {
	if after.activity == Idle {
		return
	}
	var gain, lose []int64
	for p := range s.registry.all() {
		switch saw, sees := s.sees(p.id, before), s.sees(p.id, after); {
		case sees && !saw:
			gain = append(gain, p.id)
		case saw && !sees:
			lose = append(lose, p.id)
		}
	}
	s.tell(after.entry(false), lose)
	s.tell(after.entry(true), gain)
}

// tell publishes an activity to some viewers, if there are any.
func (s *Service) tell(e Entry, viewers []int64) {
	if len(viewers) > 0 {
		slices.Sort(viewers)
		s.Changes.Publish(Change{Kind: ActivityChanged, Entry: e, Viewers: viewers})
	}
}

// Acquaint notes that two users have exchanged a message, which is stored
// already.
func (s *Service) Acquaint(a, b int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.widen(a, b)
	s.widen(b, a)
}

// widen puts somebody into a circle, if it is remembered, and shows him what
// he sees by that.
func (s *Service) widen(ownerID, otherID int64) {
	c := s.circles[ownerID]
	if c == nil || c.ids[otherID] {
		return
	}
	owner := s.registry.person(ownerID)
	saw := owner != nil && s.sees(otherID, owner)
	c.ids[otherID] = true
	there := owner != nil && s.registry.person(otherID) != nil
	if there && !saw && s.sees(otherID, owner) && owner.activity != Idle {
		s.tell(owner.entry(true), []int64{otherID})
	}
}

// sees reports whether a viewer may see the activity of a person.
func (s *Service) sees(viewerID int64, p *person) bool {
	switch p.audience {
	case account.Everyone:
		return true
	case account.Acquaintances:
		if c := s.circles[p.id]; c != nil && c.ids[viewerID] {
			return true
		}
	}
	return viewerID == p.id
}

// viewers returns who of those online may see the activity of a person, who is
// one of them; nil for everybody.
func (s *Service) viewers(p *person) []int64 {
	if p.audience == account.Everyone {
		return nil
	}
	viewers := []int64{p.id}
	if p.audience == account.Acquaintances {
		for id := range s.circles[p.id].ids {
			if s.registry.person(id) != nil && id != p.id {
				viewers = append(viewers, id)
			}
		}
	}
	slices.Sort(viewers)
	return viewers
}

// readCircles sees to it that the circles of those users are remembered whose
// acquaintances see their activity. They are kept at least until release,
// which is called under the lock. After an error there is nothing to release.
//
// A circle is there before the store is asked, so that whoever is met
// meanwhile gets into it.
func (s *Service) readCircles(ctx context.Context, users ...account.User) (release func(), err error) {
	var owners, unread []int64
	for _, u := range users {
		if u.Audience == account.Acquaintances {
			owners = append(owners, u.ID)
		}
	}
	if len(owners) == 0 {
		return func() {}, nil
	}
	release = func() {
		for _, id := range owners {
			s.circles[id].readers--
			s.forgetCircle(id)
		}
	}

	s.mu.Lock()
	for _, id := range owners {
		c := s.circles[id]
		if c == nil {
			c = &circle{ids: map[int64]bool{}}
			s.circles[id] = c
		}
		c.readers++
		if !c.whole {
			unread = append(unread, id)
		}
	}
	s.mu.Unlock()
	if len(unread) == 0 {
		return release, nil
	}

	known, err := s.store.AcquaintancesOf(ctx, unread)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		release()
		return nil, err
	}
	for _, id := range unread {
		c := s.circles[id]
		c.whole = true
		for _, other := range known[id] {
			c.ids[other] = true
		}
	}
	return release, nil
}

// forgetCircle drops a circle that decides nothing any more.
func (s *Service) forgetCircle(ownerID int64) {
	c := s.circles[ownerID]
	if c == nil || c.readers > 0 {
		return
	}
	if p := s.registry.person(ownerID); p == nil || p.audience != account.Acquaintances {
		delete(s.circles, ownerID)
	}
}
