package presence

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// SetActivity says what the actor is doing, "" for nothing; of somebody who is
// not on this node it is forgotten at once. Errors: Unauthenticated; Invalid
// with the field activity.
func (s *Service) SetActivity(_ context.Context, actor account.Actor, text string) error {
	text, err := checkActivity(actor, text)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.registry.person(actor.User.ID); p != nil && p.on(own) != nil {
		s.show(p, text)
	}
	return nil
}

// Announce says what the actor is doing, as SetActivity does, and makes him
// online if he is not. As long as he has no connection, he is so for a Lease
// from the last Announce, without further grace. It returns his own entry.
// Errors: those of SetActivity and of the store.
func (s *Service) Announce(ctx context.Context, actor account.Actor, text string) (Entry, error) {
	text, err := checkActivity(actor, text)
	if err != nil {
		return Entry{}, err
	}
	release, err := s.readCircles(ctx, actor.User)
	if err != nil {
		return Entry{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer release()
	p := s.enter(actor.User)
	s.show(p, text)
	if p.connections == 0 {
		s.departAfter(p.id, Lease)
	}
	return p.entry(true), nil
}

// show changes the activity of a person who is on this node. The latest word
// counts, also if another node's clock is ahead.
func (s *Service) show(p *person, text string) {
	if p.activity == text {
		return
	}
	now := s.now()
	if !now.After(p.since) {
		now = p.since.Add(time.Microsecond)
	}
	s.stay(p, part{own, doing{text, now}})
}

// checkActivity returns an activity of the actor as it is shown.
func checkActivity(actor account.Actor, text string) (string, error) {
	if err := actor.RequireKnown(); err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	control := func(r rune) bool { return r < ' ' }
	switch {
	case text == "":
		return Idle, nil
	case !utf8.ValidString(text) || strings.ContainsFunc(text, control):
		return "", errs.InvalidFields(errs.Field{Name: "activity", Code: errs.Malformed})
	case utf8.RuneCountInString(text) > MaxActivity:
		return "", errs.InvalidFields(errs.Field{Name: "activity", Code: errs.TooLong, Limit: MaxActivity})
	}
	return text, nil
}
