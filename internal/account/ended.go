package account

import "context"

// Credential names what an actor came by, for whoever keeps him for longer than
// one request.
type Credential struct {
	Via Via
	ID  int64 // of the token or session
}

// Credential returns what the actor came by.
func (a Actor) Credential() Credential { return Credential{a.Via, a.CredentialID} }

// Ended returns which of the credentials do not hold any more: the token or
// session was revoked or has expired, or its user is switched off or gone. It
// costs two queries for a thousand of them.
func (s *Service) Ended(ctx context.Context, held []Credential) ([]Credential, error) {
	var tokens, sessions []int64
	for _, c := range held {
		switch c.Via {
		case ViaToken:
			tokens = append(tokens, c.ID)
		case ViaSession:
			sessions = append(sessions, c.ID)
		}
	}
	liveTokens, err := s.store.LiveTokens(ctx, tokens)
	if err != nil {
		return nil, err
	}
	liveSessions, err := s.store.LiveSessions(ctx, sessions, s.now())
	if err != nil {
		return nil, err
	}
	var ended []Credential
	for _, c := range held {
		switch {
		case c.Via == ViaToken && liveTokens[c.ID], c.Via == ViaSession && liveSessions[c.ID], c.Via == ViaOperator:
		default:
			ended = append(ended, c)
		}
	}
	return ended, nil
}
