package account

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// AuthenticateToken returns the actor behind a token's key. Errors:
// Unauthenticated with the message "unknown" for a key that no token has, or
// "inactive" for a user who is switched off.
func (s *Service) AuthenticateToken(ctx context.Context, key string) (Actor, error) {
	return s.authenticate(ctx, HashKey(key), ViaToken)
}

// AuthenticateSession returns the actor behind a session's key, with the
// errors of AuthenticateToken.
func (s *Service) AuthenticateSession(ctx context.Context, key string) (Actor, error) {
	return s.authenticate(ctx, HashKey(key), ViaSession)
}

// Reasons an Unauthenticated error of this package gives as its message.
const (
	ReasonUnknown  = "unknown"
	ReasonInactive = "inactive"
)

func (s *Service) authenticate(ctx context.Context, hash string, via Via) (Actor, error) {
	generation := s.actors.generation()
	c, ok := s.actors.get(hash)
	if !ok {
		var err error
		if c, err = s.credential(ctx, hash, via); err != nil {
			return Actor{}, err
		}
		s.actors.put(generation, hash, c)
	}
	if c.actor.Via != via || (!c.expires.IsZero() && !s.now().Before(c.expires)) {
		return Actor{}, errs.New(errs.Unauthenticated, ReasonUnknown)
	}
	if !c.actor.User.Active {
		return Actor{}, errs.New(errs.Unauthenticated, ReasonInactive)
	}
	if via == ViaToken {
		s.usage.note(c.actor.CredentialID)
	}
	return c.actor, nil
}

func (s *Service) credential(ctx context.Context, hash string, via Via) (*credential, error) {
	if via == ViaToken {
		return s.tokens.find(ctx, hash)
	}
	return s.sessions.find(ctx, hash)
}

// readTokens returns what there is of tokens, by the hashes of their keys.
func (s *Service) readTokens(ctx context.Context, hashes []string) (map[string]*credential, error) {
	list, err := s.store.TokensByHash(ctx, hashes)
	found := make(map[string]*credential, len(list))
	for _, h := range list {
		found[h.Hash] = &credential{actor: Actor{User: s.withRights(h.User), Via: ViaToken, CredentialID: h.Credential.ID}}
	}
	return found, err
}

// readSessions is readTokens for sessions.
func (s *Service) readSessions(ctx context.Context, hashes []string) (map[string]*credential, error) {
	list, err := s.store.SessionsByHash(ctx, hashes)
	found := make(map[string]*credential, len(list))
	for _, h := range list {
		found[h.Hash] = &credential{
			actor:   Actor{User: s.withRights(h.User), Via: ViaSession, CredentialID: h.Credential.ID},
			expires: h.Credential.Expires,
		}
	}
	return found, err
}

// Forget drops what is remembered of who holds which key, so that a change of
// users, tokens or sessions counts from the next request on.
func (s *Service) Forget() {
	s.actors.clear()
	s.people.clear()
}

// Revision is a number that changes whenever a user, a token or a session may
// have changed: what was worked out under the same number still holds.
func (s *Service) Revision() uint64 { return s.actors.generation() }

// A credential is what is known of a key. Nobody changes it.
type credential struct {
	actor   Actor
	issued  time.Time // of a token of elsewhere
	expires time.Time // zero for never
}
