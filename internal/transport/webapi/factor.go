package webapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// secondStep is what a sign-in still wants, as the details of its error.
type secondStep struct {
	Challenge string `json:"challenge" doc:"to come back with, within five minutes"`
	TOTP      bool   `json:"totp" doc:"the user has an authenticator app"`
	Passkey   bool   `json:"passkey" doc:"the user has a passkey"`
}

// stepOf words the error of a sign-in that wants a second factor; others it
// returns as they are.
func stepOf(err error) error {
	var step *account.SecondStep
	if !errors.As(err, &step) {
		return err
	}
	return &jsonapi.Detailed{
		Err:     errs.New(errs.Unauthenticated, "A second factor is needed."),
		Details: secondStep{step.Challenge, step.TOTP, step.Passkey},
	}
}

// site returns where the passkeys of a request's page are good.
func (w *web) site(c *jsonapi.Call) (account.Site, error) {
	origin := c.Base()
	u, err := url.Parse(origin)
	if err != nil {
		return account.Site{}, err
	}
	return account.Site{Host: u.Hostname(), Origin: origin}, nil
}

type secondFactor struct {
	Challenge string          `json:"challenge" doc:"of the refused sign-in"`
	Code      string          `json:"code,omitempty" doc:"of the authenticator app, or a recovery code" example:"492039"`
	State     string          `json:"state,omitempty" doc:"of the passkey's ceremony"`
	Passkey   json.RawMessage `json:"passkey,omitempty" doc:"what the browser answered, in place of a code"`
}

func (w *web) finishSignIn(c *jsonapi.Call) (any, error) {
	var in secondFactor
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	if in.Code == "" && len(in.Passkey) == 0 {
		return nil, errs.InvalidFields(errs.Field{Name: "code", Code: errs.Required})
	}
	site, err := w.site(c)
	if err != nil {
		return nil, err
	}
	u, s, key, err := w.c.Accounts.FinishSignIn(c.Context(), account.SecondLogin{
		Challenge: in.Challenge, Code: in.Code, State: in.State, Passkey: in.Passkey, Site: site,
		Addr: c.Client(), Label: c.R.UserAgent(),
	})
	if err != nil {
		return nil, overdue(err)
	}
	c.SignIn(s, key)
	return w.presenter().toMe(u), nil
}

// overdue words the end of a challenge that was there.
func overdue(err error) error {
	if errs.Is(err, errs.Unauthenticated) {
		return errs.New(errs.Unauthenticated, "This took too long. Sign in again.")
	}
	return err
}

// ceremony is the first half of a passkey's registration or use.
type ceremony struct {
	Options any    `json:"options" doc:"for navigator.credentials, binary values in base64url"`
	State   string `json:"state" doc:"to come back with"`
}

func toCeremony(c account.Ceremony, err error) (any, error) {
	return ceremony{c.Options, c.State}, err
}

type challenge struct {
	Challenge string `json:"challenge" doc:"of the refused sign-in"`
}

func (w *web) beginPasskeySignIn(c *jsonapi.Call) (any, error) {
	var in challenge
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	site, err := w.site(c)
	if err != nil {
		return nil, err
	}
	begun, err := w.c.Accounts.BeginPasskeySignIn(c.Context(), in.Challenge, site)
	return toCeremony(begun, overdue(err))
}

type factors struct {
	Password      bool      `json:"password" doc:"there is one: changes ask for it; who signs in elsewhere may have none" example:"true"`
	TOTP          bool      `json:"totp" doc:"there is an authenticator app"`
	Passkeys      []passkey `json:"passkeys" doc:"the oldest first"`
	RecoveryCodes int       `json:"recoveryCodes" doc:"how many are left" example:"10"`
}

type passkey struct {
	ID         int64      `json:"id" example:"3"`
	Name       string     `json:"name" example:"Phone"`
	CreatedAt  time.Time  `json:"createdAt"`
	LastUsedAt *time.Time `json:"lastUsedAt"`
}

func toPasskey(p account.Passkey) passkey {
	return passkey{ID: p.ID, Name: p.Name, CreatedAt: p.Created, LastUsedAt: moment(p.LastUsed)}
}

func (w *web) factors(c *jsonapi.Call) (any, error) {
	f, err := w.c.Accounts.Factors(c.Context(), c.Actor)
	return factors{f.Password, f.TOTP, each(f.Passkeys, toPasskey), f.Recovery}, err
}

// confirmed is a change for which the password is asked for again.
type confirmed struct {
	Current string `json:"current" doc:"the present password; empty if there is none" example:"four loud tubas"`
}

func (w *web) confirmation(c *jsonapi.Call) (string, error) {
	var in confirmed
	err := c.JSON(&in)
	return in.Current, err
}

type newTOTP struct {
	Secret string `json:"secret" doc:"in base 32" example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
	URL    string `json:"url" example:"otpauth://totp/Antiphon:erik@example.org?secret=JBSWY3DPEHPK3PXP"`
	QR     string `json:"qr" doc:"the same as a picture, in a data URL"`
}

func (w *web) beginTOTP(c *jsonapi.Call) (any, error) {
	current, err := w.confirmation(c)
	if err != nil {
		return nil, err
	}
	t, err := w.c.Accounts.BeginTOTP(c.Context(), c.Actor, current)
	return newTOTP{t.Secret, t.URL, "data:image/png;base64," + base64.StdEncoding.EncodeToString(t.QR)}, err
}

type code struct {
	Code string `json:"code" doc:"that the app shows" example:"492039"`
}

// recovery are codes that are shown once.
type recovery struct {
	Codes []string `json:"codes" doc:"each stands in for the second factor once; empty if there were some already" example:"[\"hq3w-9xkd-27fn-m4tr\"]"`
}

func toRecovery(codes []string, err error) (any, error) {
	return recovery{append([]string{}, codes...)}, err
}

func (w *web) confirmTOTP(c *jsonapi.Call) (any, error) {
	var in code
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	return toRecovery(w.c.Accounts.ConfirmTOTP(c.Context(), c.Actor, in.Code))
}

func (w *web) removeTOTP(c *jsonapi.Call) (any, error) {
	current, err := w.confirmation(c)
	if err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.RemoveTOTP(c.Context(), c.Actor, current)
}

func (w *web) newRecoveryCodes(c *jsonapi.Call) (any, error) {
	current, err := w.confirmation(c)
	if err != nil {
		return nil, err
	}
	return toRecovery(w.c.Accounts.NewRecoveryCodes(c.Context(), c.Actor, current))
}

func (w *web) beginPasskey(c *jsonapi.Call) (any, error) {
	current, err := w.confirmation(c)
	if err != nil {
		return nil, err
	}
	site, err := w.site(c)
	if err != nil {
		return nil, err
	}
	return toCeremony(w.c.Accounts.BeginPasskey(c.Context(), c.Actor, current, site))
}

type passkeyAnswer struct {
	State   string          `json:"state" doc:"of the ceremony"`
	Name    string          `json:"name" doc:"what to call it" example:"Phone"`
	Passkey json.RawMessage `json:"passkey" doc:"what the browser answered"`
}

type addedPasskey struct {
	passkey
	RecoveryCodes []string `json:"recoveryCodes" doc:"shown once; empty if there were some already" example:"[\"hq3w-9xkd-27fn-m4tr\"]"`
}

func (w *web) finishPasskey(c *jsonapi.Call) (any, error) {
	var in passkeyAnswer
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	site, err := w.site(c)
	if err != nil {
		return nil, err
	}
	p, codes, err := w.c.Accounts.FinishPasskey(c.Context(), c.Actor, in.State, in.Name, in.Passkey, site)
	return addedPasskey{toPasskey(p), append([]string{}, codes...)}, err
}

func (w *web) removePasskey(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	current, err := w.confirmation(c)
	if err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.RemovePasskey(c.Context(), c.Actor, id, current)
}

func (w *web) factorRoutes() []jsonapi.Route {
	throttled := kit.Answer{Status: http.StatusTooManyRequests, Description: "Too many wrong ones; Retry-After says when to come back"}
	over := kit.Answer{Status: http.StatusUnauthorized, Description: "The challenge does not hold any more"}
	conflict := func(text string) kit.Answer { return kit.Answer{Status: http.StatusConflict, Description: text} }
	return []jsonapi.Route{
		{Method: post, Path: "session/second-factor", Access: public, Entrance: true, Tag: "Account", Summary: "Sign in with a second factor, after the password",
			In: secondFactor{}, Out: me{}, Answers: []kit.Answer{over, throttled}, Handle: w.finishSignIn},
		{Method: post, Path: "session/passkey", Access: public, Entrance: true, Tag: "Account", Summary: "Begin to use a passkey, after the password",
			In: challenge{}, Out: ceremony{}, Answers: []kit.Answer{over, notFound}, Handle: w.beginPasskeySignIn},
		{Method: get, Path: "account/factors", Access: known, Tag: "Account", Summary: "Show by what the caller proves who he is",
			Out: factors{}, Handle: w.factors},
		{Method: post, Path: "account/factors/totp", Access: known, Tag: "Account", Summary: "Begin to set up an authenticator app",
			In: confirmed{}, Out: newTOTP{}, Answers: []kit.Answer{conflict("There is one already"), throttled}, Handle: w.beginTOTP},
		{Method: put, Path: "account/factors/totp", Access: known, Tag: "Account", Summary: "Set it up, by a code that it shows",
			In: code{}, Out: recovery{}, Answers: []kit.Answer{notFound, throttled}, Handle: w.confirmTOTP},
		{Method: post, Path: "account/factors/totp/remove", Access: known, Tag: "Account", Summary: "Remove the authenticator app",
			In: confirmed{}, Answers: []kit.Answer{notFound, throttled}, Handle: w.removeTOTP},
		{Method: post, Path: "account/factors/recovery-codes", Access: known, Tag: "Account", Summary: "Make new recovery codes, in place of the old ones",
			In: confirmed{}, Out: recovery{}, Answers: []kit.Answer{conflict("There is no second factor"), throttled}, Handle: w.newRecoveryCodes},
		{Method: post, Path: "account/factors/passkeys", Access: known, Tag: "Account", Summary: "Begin to register a passkey",
			In: confirmed{}, Out: ceremony{}, Answers: []kit.Answer{throttled}, Handle: w.beginPasskey},
		{Method: put, Path: "account/factors/passkeys", Access: known, Tag: "Account", Summary: "Register it, with what the browser answered",
			In: passkeyAnswer{}, Out: addedPasskey{}, Answers: []kit.Answer{conflict("It is registered already")}, Handle: w.finishPasskey},
		{Method: post, Path: "account/factors/passkeys/{id}/remove", Access: known, Tag: "Account", Summary: "Remove a passkey",
			In: confirmed{}, Answers: []kit.Answer{notFound, throttled}, Handle: w.removePasskey},
	}
}
