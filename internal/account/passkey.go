package account

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Passkey is a key pair in a device of a user, of which the server knows the
// public half: Web Authentication, https://www.w3.org/TR/webauthn-3/.
type Passkey struct {
	ID         int64
	UserID     int64
	Name       string // as the user calls it
	KeyID      []byte // the device's name of the key
	Credential []byte // the library's record of the public key and its counter, as JSON
	Created    time.Time
	LastUsed   time.Time // zero if never
}

const (
	// MaxPasskeys is how many a user may have.
	MaxPasskeys    = 20
	maxPasskeyName = 100
)

// Site is where passkeys are good: at one host, and for its pages.
type Site struct {
	Host   string // without a port: "music.example.org"
	Origin string // "https://music.example.org"
}

// Ceremony is one half of a passkey's registration or use: the options that the
// browser wants, and a state to come back with.
type Ceremony struct {
	Options json.RawMessage // of navigator.credentials
	State   string
}

// webauthn returns the library's view of a site. Errors: Invalid with the field
// passkey if its host is an address and no name, for which there are no passkeys.
func (s Site) webauthn() (*webauthn.WebAuthn, error) {
	if _, err := netip.ParseAddr(s.Host); err == nil {
		return nil, &errs.Error{
			Kind: errs.Invalid, Message: "Passkeys need a server with a name, not with an address alone.",
			Fields: []errs.Field{{Name: "passkey", Code: errs.Malformed}},
		}
	}
	return webauthn.New(&webauthn.Config{RPID: s.Host, RPDisplayName: totpIssuer, RPOrigins: []string{s.Origin}})
}

// owner is a user as the library asks for him.
type owner struct {
	User
	keys []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (o owner) WebAuthnID() []byte { return []byte(o.OID) }

// WebAuthnName implements webauthn.User.
func (o owner) WebAuthnName() string { return o.Email }

// WebAuthnDisplayName implements webauthn.User.
func (o owner) WebAuthnDisplayName() string { return o.FullName }

// WebAuthnCredentials implements webauthn.User.
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

func (s *Service) owner(ctx context.Context, userID int64) (owner, []Passkey, error) {
	u, err := s.store.UserByID(ctx, userID)
	if err != nil {
		return owner{}, nil, err
	}
	list, err := s.store.PasskeysOf(ctx, userID)
	if err != nil {
		return owner{}, nil, err
	}
	o := owner{User: u, keys: make([]webauthn.Credential, len(list))}
	for i, p := range list {
		if err := json.Unmarshal(p.Credential, &o.keys[i]); err != nil {
			return owner{}, nil, fmt.Errorf("the passkey %d: %w", p.ID, err)
		}
	}
	return o, list, nil
}

// BeginPasskey begins the registration of a passkey of the actor's. Errors:
// those of a wrong password; Invalid with the field passkey if he has too many.
func (s *Service) BeginPasskey(ctx context.Context, actor Actor, password string, site Site) (Ceremony, error) {
	if err := s.confirm(ctx, actor, password); err != nil {
		return Ceremony{}, err
	}
	w, err := site.webauthn()
	if err != nil {
		return Ceremony{}, err
	}
	o, list, err := s.owner(ctx, actor.User.ID)
	if err != nil {
		return Ceremony{}, err
	}
	if len(list) >= MaxPasskeys {
		return Ceremony{}, errs.InvalidFields(errs.Field{Name: "passkey", Code: errs.TooMany, Limit: MaxPasskeys})
	}
	options, session, err := w.BeginRegistration(o,
		webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred))
	if err != nil {
		return Ceremony{}, err
	}
	return s.ceremony(ctx, toAddPasskey, o.ID, options, session)
}

func (s *Service) ceremony(ctx context.Context, purpose string, userID int64, options, session any) (Ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	state, err := s.newChallenge(ctx, purpose, userID, session)
	return Ceremony{Options: text, State: state}, err
}

// FinishPasskey ends a registration with what the browser answered, and returns
// the passkey; and recovery codes, which nobody sees again, if it is the actor's
// first factor. Errors: Unauthenticated; Invalid with the fields name and
// passkey; Conflict if the passkey is registered already.
func (s *Service) FinishPasskey(ctx context.Context, actor Actor, state, name string, response []byte, site Site) (p Passkey, recovery []string, err error) {
	if err := actor.RequireKnown(); err != nil {
		return p, nil, err
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return p, nil, errs.InvalidFields(errs.Field{Name: "name", Code: errs.Required})
	}
	if utf8.RuneCountInString(name) > maxPasskeyName {
		return p, nil, errs.InvalidFields(errs.Field{Name: "name", Code: errs.TooLong, Limit: maxPasskeyName})
	}
	wrong := errs.InvalidFields(errs.Field{Name: "passkey", Code: errs.Malformed})
	o, session, w, err := s.resume(ctx, toAddPasskey, state, site)
	if errs.Is(err, errs.Unauthenticated) || err == nil && o.ID != actor.User.ID {
		return p, nil, wrong
	}
	if err != nil {
		return p, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return p, nil, wrong
	}
	key, err := w.CreateCredential(o, session, parsed)
	if err != nil {
		return p, nil, wrong
	}
	text, err := json.Marshal(key)
	if err != nil {
		return p, nil, err
	}
	err = s.change(ctx, func(ctx context.Context) error {
		p, err = s.store.InsertPasskey(ctx, Passkey{UserID: o.ID, Name: name, KeyID: key.ID, Credential: text, Created: s.now()})
		if err == nil {
			recovery, err = s.factorAdded(ctx, o.ID)
		}
		return err
	})
	return p, recovery, err
}

// resume returns what a ceremony was begun with.
func (s *Service) resume(ctx context.Context, purpose, state string, site Site) (o owner, session webauthn.SessionData, w *webauthn.WebAuthn, err error) {
	c, err := s.openChallenge(ctx, purpose, state)
	if err != nil {
		return o, session, nil, err
	}
	if err := json.Unmarshal(c.Passkey, &session); err != nil {
		return o, session, nil, err
	}
	if o, _, err = s.owner(ctx, c.UserID); err != nil {
		return o, session, nil, err
	}
	w, err = site.webauthn()
	return o, session, w, err
}

// RemovePasskey takes a passkey from the actor. Errors: those of a wrong
// password; NotFound.
func (s *Service) RemovePasskey(ctx context.Context, actor Actor, id int64, password string) error {
	if err := s.confirm(ctx, actor, password); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		if err := s.store.DeletePasskey(ctx, actor.User.ID, id); err != nil {
			return err
		}
		return s.settleFactors(ctx, actor.User.ID)
	})
}

// BeginPasskeySignIn begins the use of a passkey as the second step of a
// sign-in. Errors: Unauthenticated if the challenge does not hold; NotFound if
// the user has no passkey.
func (s *Service) BeginPasskeySignIn(ctx context.Context, signIn string, site Site) (Ceremony, error) {
	c, err := s.openChallenge(ctx, toSignIn, signIn)
	if err != nil {
		return Ceremony{}, err
	}
	o, list, err := s.owner(ctx, c.UserID)
	if err != nil {
		return Ceremony{}, err
	}
	if len(list) == 0 {
		return Ceremony{}, &errs.Error{Kind: errs.NotFound}
	}
	w, err := site.webauthn()
	if err != nil {
		return Ceremony{}, err
	}
	options, session, err := w.BeginLogin(o)
	if err != nil {
		return Ceremony{}, err
	}
	return s.ceremony(ctx, toSignInPasskey, o.ID, options, session)
}

// usePasskey returns whose passkey has answered the ceremony of a state. Errors:
// Unauthenticated.
func (s *Service) usePasskey(ctx context.Context, state string, response []byte, site Site) (int64, error) {
	wrong := &errs.Error{Kind: errs.Unauthenticated}
	o, session, w, err := s.resume(ctx, toSignInPasskey, state, site)
	if err != nil {
		return 0, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return 0, wrong
	}
	key, err := w.ValidateLogin(o, session, parsed)
	if err != nil || key.Authenticator.CloneWarning {
		return 0, wrong
	}
	text, err := json.Marshal(key)
	if err != nil {
		return 0, err
	}
	return o.ID, s.store.UpdatePasskey(ctx, Passkey{UserID: o.ID, KeyID: key.ID, Credential: text, LastUsed: s.now()})
}
