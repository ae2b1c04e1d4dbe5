package webapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// While somebody signs in elsewhere, his browser carries what the server has to
// remember, sealed, in a cookie.
const (
	journeyCookie  = "antiphon_sign_in"
	journeyAge     = 10 * time.Minute
	journeyPurpose = "sign-in elsewhere"
)

// journey is what is remembered of somebody who has gone elsewhere to sign in.
type journey struct {
	Attempt oidc.Attempt
	Return  string // the path to go to at last
	UserID  int64  // who wants to be linked; 0 for somebody who signs in
	Until   time.Time
}

// Codes of what may fail, as pages of the app get them in their query. Others
// are the reasons of an account.Refusal.
const (
	failedAway     = "unavailable" // the provider does not answer
	failedOver     = "expired"     // it took too long, or was done before, or in another browser
	failedDeclined = "declined"    // the user has not signed in there
	failedTaken    = "email_taken" // somebody else has the address, or the link
	failedInactive = "inactive"    // the user is switched off
	failedOther    = "failed"
)

// signInPage is where people go who are not signed in.
const signInPage = "/sign-in"

func (w *web) provider(c *jsonapi.Call) (*oidc.Provider, error) {
	for _, p := range w.c.Providers {
		if p.Name() == c.Param("name") {
			return p, nil
		}
	}
	return nil, &errs.Error{Kind: errs.NotFound}
}

func callbackOf(c *jsonapi.Call, p *oidc.Provider) string {
	return c.Base() + Prefix + "oidc/" + p.Name() + "/callback"
}

// localPath returns a path of this server, with its query, "/" in place of
// anything else: what a link says must not send people to other sites. Browsers
// take a backslash for a slash, and leave control characters out.
func localPath(text string) string {
	odd := func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || len(text) > maxReturn || strings.ContainsFunc(text, odd) {
		return "/"
	}
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil {
		return "/"
	}
	return text
}

// maxReturn is the greatest length of a path to return to, in bytes: cookies are
// small.
const maxReturn = 1000

func (w *web) startOutside(c *jsonapi.Call) (any, error) {
	p, err := w.provider(c)
	if err != nil {
		return nil, err
	}
	back := localPath(c.R.URL.Query().Get("return"))
	to, err := w.depart(c, p, journey{Return: back})
	if err != nil {
		w.tellFailure(c, p, err)
		return redirect(c, signInFailed(back, err))
	}
	return redirect(c, to)
}

type linking struct {
	Return string `json:"return,omitempty" doc:"the path of the app to go to at last; / if it is left out" example:"/settings"`
}

type elsewhere struct {
	URL string `json:"url" doc:"where the browser has to go" example:"https://login.example.org/authorize?client_id=antiphon"`
}

func (w *web) linkOutside(c *jsonapi.Call) (any, error) {
	p, err := w.provider(c)
	if err != nil {
		return nil, err
	}
	var in linking
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	to, err := w.depart(c, p, journey{Return: localPath(in.Return), UserID: c.Actor.User.ID})
	return elsewhere{to}, err
}

// depart gives the browser a cookie for its journey, and returns where it goes.
func (w *web) depart(c *jsonapi.Call, p *oidc.Provider, j journey) (to string, err error) {
	if to, j.Attempt, err = p.Begin(c.Context(), callbackOf(c, p)); err != nil {
		return "", err
	}
	j.Until = w.c.Now().Add(journeyAge)
	text, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	sealed := base64.RawURLEncoding.EncodeToString(w.c.Keys.Seal(journeyPurpose, p.Name(), text))
	c.W.Header().Add("Set-Cookie", kit.Cookie{Name: journeyCookie, Value: sealed, Expires: j.Until, Age: journeyAge, HTTPOnly: true}.Header(c.Base()))
	return to, nil
}

// journey returns what the browser carries, and has it forget it.
func (w *web) journey(c *jsonapi.Call, p *oidc.Provider) (j journey, ok bool) {
	cookie, err := c.R.Cookie(journeyCookie)
	if err != nil {
		return j, false
	}
	c.W.Header().Add("Set-Cookie", kit.Cookie{Name: journeyCookie, Value: `""`, Expires: time.Unix(0, 0), HTTPOnly: true}.Header(c.Base()))
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return j, false
	}
	text, err := w.c.Keys.Open(journeyPurpose, p.Name(), sealed)
	if err != nil || json.Unmarshal(text, &j) != nil {
		return j, false
	}
	return j, w.c.Now().Before(j.Until)
}

func (w *web) finishOutside(c *jsonapi.Call) (any, error) {
	p, err := w.provider(c)
	if err != nil {
		return nil, err
	}
	j, ok := w.journey(c, p)
	if !ok {
		return redirect(c, withError(signInPage, failedOver))
	}
	if err = w.arrive(c, p, j); err == nil {
		return redirect(c, j.Return)
	}
	w.tellFailure(c, p, err)
	if j.UserID != 0 {
		return redirect(c, withError(j.Return, failureCode(err)))
	}
	return redirect(c, signInFailed(j.Return, err))
}

// arrive signs in, or links, whoever comes back.
func (w *web) arrive(c *jsonapi.Call, p *oidc.Provider, j journey) error {
	q := c.R.URL.Query()
	who, err := p.Finish(c.Context(), callbackOf(c, p), j.Attempt, oidc.Answer{
		State: q.Get("state"), Code: q.Get("code"), Error: q.Get("error"), Issuer: q.Get("iss"),
	})
	if err != nil {
		return err
	}
	in := account.OutsideSignIn{Outsider: who, Once: j.Attempt.State, Until: j.Until, Label: c.R.UserAgent()}
	if j.UserID != 0 {
		if j.UserID != c.Actor.User.ID { // he has signed out, or is somebody else by now
			return errs.New(errs.Unauthenticated, account.ReasonUnknown)
		}
		return w.c.Accounts.LinkOutside(c.Context(), c.Actor, in)
	}
	_, session, key, err := w.c.Accounts.SignInOutside(c.Context(), in)
	if err != nil {
		return err
	}
	c.SignIn(session, key)
	return nil
}

// failureCode names an error for a page of the app.
func failureCode(err error) string {
	var refusal *account.Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	var e *errs.Error
	errors.As(err, &e)
	switch errs.KindOf(err) {
	case errs.Unavailable:
		return failedAway
	case errs.Forbidden:
		return failedDeclined
	case errs.Conflict:
		return failedTaken
	case errs.Unauthenticated:
		if e.Message == account.ReasonInactive {
			return failedInactive
		}
	}
	return failedOther
}

// tellFailure puts into the log why somebody could not sign in elsewhere: the
// operator, not he, can do something about most of it.
func (w *web) tellFailure(c *jsonapi.Call, p *oidc.Provider, err error) {
	w.c.Log.LogAttrs(c.Context(), slog.LevelWarn, "a sign-in elsewhere failed",
		slog.String("provider", p.Name()), slog.String("code", failureCode(err)), slog.Any("error", err))
}

// signInFailed returns the page to sign in again on the way to another one.
func signInFailed(next string, err error) string {
	page := signInPage
	if next != "/" {
		page += "?next=" + url.QueryEscape(next)
	}
	return withError(page, failureCode(err))
}

// withError adds a code to the query of a path.
func withError(path, code string) string {
	path, fragment, found := strings.Cut(path, "#")
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	path += separator + "error=" + url.QueryEscape(code)
	if found {
		path += "#" + fragment
	}
	return path
}

// redirect sends the browser on.
func redirect(c *jsonapi.Call, to string) (any, error) {
	h := c.W.Header()
	h.Set("Location", to)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address has the provider's code in it
	c.W.WriteHeader(http.StatusFound)
	return jsonapi.Sent{}, nil
}
