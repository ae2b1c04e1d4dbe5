package realtime

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// A person is who is behind a socket.
type person struct {
	id         int64
	externalID string
	credential account.Credential
	revision   uint64 // of the accounts, before the credential was looked at
	extras     extras

	// Whether presence counts the socket, which may end while that begins.
	mu        sync.Mutex
	announced bool      // the user has said that he is there
	greeted   time.Time // when he was last told who is online
	counted   bool
	gone      bool
}

// actor returns the person as the services know him.
func (p *person) actor() account.Actor {
	return account.Actor{
		User: account.User{ID: p.id, ExternalID: p.externalID, Active: true},
		Via:  p.credential.Via, CredentialID: p.credential.ID,
	}
}

func personOf(s *socketio.Socket) *person { return s.Data().(*person) }

// room is where all sockets of a user are.
func room(userID int64) string { return "user:" + strconv.FormatInt(userID, 10) }

// A refusal is what a client learns whose CONNECT is refused.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errUnauthorized refusal = "Unauthorized"
	errConnect      refusal = textInternal
)

// maxAuth bounds what comes with a CONNECT, in bytes: whoever sends it may be
// nobody.
const maxAuth = 16 << 10

// claims is what comes with a CONNECT packet, of any type.
type claims struct {
	Token  any `json:"token"`
	UserID any `json:"userId"`
	Extras any `json:"extras"`
}

// readClaims reports false if auth is too long, or no object.
func readClaims(auth json.RawMessage) (c claims, ok bool) {
	if len(auth) > maxAuth {
		return c, false
	}
	m := [...]member{{name: "token"}, {name: "userId"}, {name: "extras"}}
	if plain(auth, m[:]) && m[0].token != nil && m[1].token != nil && m[2].token == nil {
		return claims{Token: m[0].text(), UserID: m[1].text()}, true
	}
	return c, json.Unmarshal(auth, &c) == nil
}

// connect decides on a CONNECT packet. Whoever is let in is known from then on,
// whatever his events say.
func (rt *Realtime) connect(s *socketio.Socket, auth json.RawMessage) error {
	claims, ok := readClaims(auth)
	if !ok {
		return errUnauthorized
	}
	revision := rt.c.Accounts.Revision()
	token, _ := claims.Token.(string)
	actor, err := rt.identify(rt.ctx, s.Origin().(*visitor), token)
	if err != nil {
		rt.failed("who connects was not found out", err)
		return errConnect
	}
	if !actor.Known() || claims.UserID != nil && claims.UserID != actor.User.ExternalID {
		return errUnauthorized
	}
	p := &person{
		id: actor.User.ID, externalID: actor.User.ExternalID, credential: actor.Credential(),
		revision: revision, extras: extrasOf(claims.Extras),
	}
	rt.settle()
	s.SetData(p)
	s.SetIdentity(identity(p))
	s.Join(append(p.extras.rooms(p.id), room(p.id))...)
	return nil
}

// identity names who may take up a session that broke off.
func identity(p *person) string {
	return strconv.FormatInt(p.id, 10) + " " + strconv.Itoa(int(p.credential.Via)) + " " + strconv.FormatInt(p.credential.ID, 10)
}

// identify returns whoever the first good credentials name: the token of the
// CONNECT packet, the Authorization header, the cookies. Nobody is no error.
func (rt *Realtime) identify(ctx context.Context, v *visitor, token string) (account.Actor, error) {
	headers := []string{v.authorization}
	if token != "" {
		headers = []string{"Bearer " + token, v.authorization}
	}
	for _, header := range headers {
		c, err := rt.c.Identifier.ByHeader(ctx, header)
		if err != nil || c.Actor.Known() {
			return c.Actor, err
		}
	}
	for _, cookie := range v.cookies {
		c, err := rt.c.Identifier.ByCookie(ctx, cookie)
		if err != nil || c.Actor.Known() {
			return c.Actor, err
		}
	}
	return account.Actor{}, nil
}

// freshly is within what time from its sending a snapshot of who is online may
// not have arrived over a connection that then turned out to be dead.
const freshly = time.Minute

// connected is called with each new socket. One that takes up an earlier
// session is there without saying so again.
func (rt *Realtime) connected(s *socketio.Socket) {
	p := personOf(s)
	rt.people.enter(p.id, p.externalID)
	if p.revision != rt.c.Accounts.Revision() {
		rt.recheck.Store(true)
	}
	if !s.Recovered() {
		return
	}
	p, announced, greeted := p.again()
	s.SetData(p)
	if !announced {
		return
	}
	if err := rt.arrive(s, p, time.Since(greeted) < freshly); err != nil {
		rt.failed("who came back is not online", err)
	}
}

// again returns the person for the socket that takes up a session, and how far
// the earlier one had come.
func (p *person) again() (next *person, announced bool, greeted time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &person{
		id: p.id, externalID: p.externalID, credential: p.credential, revision: p.revision, extras: p.extras,
	}, p.announced, p.greeted
}

// disconnected is called when a socket has ended.
func (rt *Realtime) disconnected(s *socketio.Socket, _ engineio.Reason) {
	p := personOf(s)
	p.mu.Lock()
	p.gone = true
	counted := p.counted
	p.mu.Unlock()
	if counted {
		rt.c.Presence.Leave(p.id)
	}
	rt.people.leave(p.id)
}
