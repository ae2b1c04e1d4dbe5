package webapi

import (
	"cmp"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

type session struct {
	Me      *me    `json:"me" doc:"null if nobody is signed in"`
	Version string `json:"version" doc:"of the server" example:"1.0.0"`
	Private bool   `json:"private" doc:"whoever is not signed in sees nothing"`
}

func (w *web) session(c *jsonapi.Call) (any, error) {
	s := session{Version: w.c.Version, Private: w.c.Private}
	if c.Actor.Known() {
		m := w.presenter().toMe(c.Actor.User)
		s.Me = &m
	}
	return s, nil
}

type credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func (w *web) signIn(c *jsonapi.Call) (any, error) {
	var in credentials
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	if err := required("email", in.Email, "password", in.Password); err != nil {
		return nil, err
	}
	u, s, key, err := w.c.Accounts.SignIn(c.Context(), account.Login{
		Email: in.Email, Password: in.Password, Addr: c.Client(), Label: c.R.UserAgent(),
	})
	switch step := stepOf(err); {
	case step != err:
		return nil, step
	case errs.Is(err, errs.Unauthenticated):
		return nil, errs.New(errs.Unauthenticated, "The e-mail address or the password is not right.")
	case err != nil:
		return nil, err
	}
	c.SignIn(s, key)
	return w.presenter().toMe(u), nil
}

func (w *web) signOut(c *jsonapi.Call) (any, error) {
	if err := w.c.Accounts.Logout(c.Context(), c.Actor); err != nil {
		return nil, err
	}
	c.SignOut()
	return nil, nil
}

type registration struct {
	Email    string `json:"email"`
	FullName string `json:"fullName"`
	Password string `json:"password" doc:"not a common one, not digits alone, not close to the e-mail"`
	// Invitation need not be sent.
	Invitation string `json:"invitation,omitempty" doc:"the key of the link that invited the user"`
}

func (w *web) register(c *jsonapi.Call) (any, error) {
	var in registration
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	u, err := w.c.Accounts.Register(c.Context(), account.NewUser{
		Email: in.Email, FullName: in.FullName, Password: in.Password, Invitation: in.Invitation, Language: c.R.Header.Get("Accept-Language"),
	})
	if err != nil {
		return nil, err
	}
	s, key, err := w.c.Accounts.OpenSession(c.Context(), u.ID, c.R.UserAgent())
	if err != nil {
		return nil, err
	}
	c.SignIn(s, key)
	return w.presenter().toMe(u), nil
}

// required returns an error that names the empty ones of pairs of names and
// values.
func required(pairs ...string) error {
	var missing []errs.Field
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			missing = append(missing, errs.Field{Name: pairs[i], Code: errs.Required})
		}
	}
	return errs.InvalidFields(missing...)
}

// The kinds of sign-ins.
const (
	kindSession = "session"
	kindToken   = "token"
)

// signIn is a browser or a program that holds a key.
type signIn struct {
	ID         int64      `json:"id" example:"12"`
	Kind       string     `json:"kind" enum:"session token"`
	Label      string     `json:"label" doc:"what signed in, as it called itself" example:"Mozilla/5.0"`
	CreatedAt  time.Time  `json:"createdAt"`
	LastUsedAt *time.Time `json:"lastUsedAt" doc:"of a token"`
	ExpiresAt  *time.Time `json:"expiresAt" doc:"of a session"`
	Current    bool       `json:"current" doc:"this request came by it"`
}

func (w *web) signIns(c *jsonapi.Call) (any, error) {
	sessions, err := w.c.Accounts.Sessions(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	tokens, err := w.c.Accounts.Tokens(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	list := make([]signIn, 0, len(sessions)+len(tokens))
	for _, s := range sessions {
		list = append(list, signIn{
			ID: s.ID, Kind: kindSession, Label: s.Label, CreatedAt: s.Created, ExpiresAt: moment(s.Expires), Current: s.Current,
		})
	}
	for _, t := range tokens {
		list = append(list, signIn{
			ID: t.ID, Kind: kindToken, Label: t.Label, CreatedAt: t.Created, LastUsedAt: moment(t.LastUsed), Current: t.Current,
		})
	}
	slices.SortStableFunc(list, func(a, b signIn) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return list, nil
}

// moment returns a time, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (w *web) endSignIn(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	switch c.Param("kind") {
	case kindSession:
		err = w.c.Accounts.RevokeSession(c.Context(), c.Actor, id)
		if err == nil && c.Actor.Credential() == (account.Credential{Via: account.ViaSession, ID: id}) {
			c.SignOut()
		}
	case kindToken:
		err = w.c.Accounts.RevokeToken(c.Context(), c.Actor, id)
	default:
		err = &errs.Error{Kind: errs.NotFound}
	}
	return nil, err
}
