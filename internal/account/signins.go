package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/audit"
)

// Tokens returns the actor's own tokens, newest first.
func (s *Service) Tokens(ctx context.Context, actor Actor) ([]Token, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	tokens, err := s.store.TokensOf(ctx, actor.User.ID)
	for i, t := range tokens {
		tokens[i].Current = actor.Credential() == Credential{Via: ViaToken, ID: t.ID}
	}
	return tokens, err
}

// Sessions returns the actor's own sessions that have not expired, newest
// first.
func (s *Service) Sessions(ctx context.Context, actor Actor) ([]Session, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	sessions, err := s.store.SessionsOf(ctx, actor.User.ID, s.now())
	for i, v := range sessions {
		sessions[i].Current = actor.Credential() == Credential{Via: ViaSession, ID: v.ID}
	}
	return sessions, err
}

// RevokeToken ends one of the actor's own tokens. NotFound if he has no such
// token.
func (s *Service) RevokeToken(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	err := s.store.DeleteToken(ctx, actor.User.ID, id)
	s.changed()
	return err
}

// RevokeSession ends one of the actor's own sessions. NotFound if he has no
// such session.
func (s *Service) RevokeSession(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	err := s.store.DeleteSession(ctx, actor.User.ID, id)
	s.changed()
	return err
}

// RevokeTokenOf ends anybody's token, on an admin's word. Errors:
// Unauthenticated, Forbidden, NotFound.
func (s *Service) RevokeTokenOf(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		t, err := s.store.TokenByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.recordRevoked(ctx, actor, audit.Tokens, id, t.UserID, t.Label); err != nil {
			return err
		}
		return s.store.DeleteToken(ctx, t.UserID, id)
	})
}

// RevokeSessionOf is RevokeTokenOf for a session.
func (s *Service) RevokeSessionOf(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		v, err := s.store.SessionByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.recordRevoked(ctx, actor, audit.Sessions, id, v.UserID, v.Label); err != nil {
			return err
		}
		return s.store.DeleteSession(ctx, v.UserID, id)
	})
}

func (s *Service) recordRevoked(ctx context.Context, actor Actor, model string, id, userID int64, label string) error {
	u, err := s.store.UserByID(ctx, userID)
	if err != nil {
		return err
	}
	was := []audit.Value{{Field: "user", Text: u.Email}, {Field: "label", Text: label}}
	return s.audit.Record(ctx, actor.Entry(model, id, u.Email, was, nil))
}
