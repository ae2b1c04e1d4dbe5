package account

import "context"

// Credential names what an actor came by, for whoever keeps him for longer than
// one request.
type Credential struct {
	Via   Via
	ID    int64 // of the token or session, or of the user if he came from elsewhere
	Until int64 // as of an Actor
}

// Credential returns what the actor came by.
func (a Actor) Credential() Credential { return Credential{a.Via, a.CredentialID, a.Until} }

// Ended returns which of the credentials do not hold any more: the token or
// session was revoked or has expired, or its user is switched off or gone. Of who
// came from elsewhere, nobody tells that he has signed out there: he has his
// time. It costs three queries for a thousand of them.
func (s *Service) Ended(ctx context.Context, held []Credential) ([]Credential, error) {
	var tokens, sessions, users []int64
	for _, c := range held {
		switch c.Via {
		case ViaToken:
			tokens = append(tokens, c.ID)
		case ViaSession:
			sessions = append(sessions, c.ID)
		case ViaOutside:
			users = append(users, c.ID)
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
	outsiders, err := s.store.UsersByID(ctx, users)
	if err != nil {
		return nil, err
	}
	now := s.now().Unix()
	var ended []Credential
	for _, c := range held {
		switch {
		case c.Via == ViaToken && liveTokens[c.ID], c.Via == ViaSession && liveSessions[c.ID], c.Via == ViaOperator,
			c.Via == ViaOutside && outsiders[c.ID].Active && now < c.Until:
		default:
			ended = append(ended, c)
		}
	}
	if len(ended) > 0 {
		// This may be the first to see it, if another process ended them: whoever
		// is remembered must not be let in again.
		s.Forget()
	}
	return ended, nil
}
