package jsonapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Call is one request on its way through a handler.
type Call struct {
	W     http.ResponseWriter
	R     *http.Request
	Actor account.Actor // anonymous where the route is public and nobody is signed in

	api    *API
	route  *Route
	params map[string]string
	form   *kit.Form
}

// Context returns the request's context.
func (c *Call) Context() context.Context { return c.R.Context() }

// Client returns the address of whoever asks, for throttling.
func (c *Call) Client() string { return c.api.c.Addresses.Client(c.R) }

// Base returns the server's address as the client sees it, without a slash at
// its end.
func (c *Call) Base() string { return c.api.c.Addresses.Base(c.R) }

// close ends what the call holds.
func (c *Call) close() { c.form.Close() }

// Param returns a parameter of the path, decoded.
func (c *Call) Param(name string) string { return c.params[name] }

// ID returns a parameter of the path that is a number above 0. NotFound if it
// is none.
func (c *Call) ID(name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, &errs.Error{Kind: errs.NotFound}
	}
	return id, nil
}

// maxQueryText is the greatest length of a query parameter, in characters.
const maxQueryText = 1000

// Text returns a query parameter without the space around it, "" if it is
// missing. Errors: Invalid, naming it.
func (c *Call) Text(name string) (string, error) {
	text := strings.TrimSpace(c.R.URL.Query().Get(name))
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", errs.InvalidFields(errs.Field{Name: name, Code: errs.Malformed})
	case utf8.RuneCountInString(text) > maxQueryText:
		return "", errs.InvalidFields(errs.Field{Name: name, Code: errs.TooLong, Limit: maxQueryText})
	}
	return text, nil
}

// Words returns the words of a query parameter. Errors: those of Text.
func (c *Call) Words(name string) ([]string, error) {
	text, err := c.Text(name)
	return strings.Fields(text), err
}

// Choice returns a query parameter that is one of the choices, the first of
// them if it is missing. Errors: Invalid, naming it.
func (c *Call) Choice(name string, choices ...string) (string, error) {
	text, err := c.Text(name)
	if err != nil {
		return "", err
	}
	if text == "" {
		return choices[0], nil
	}
	for _, choice := range choices {
		if text == choice {
			return choice, nil
		}
	}
	return "", errs.InvalidFields(errs.Field{Name: name, Code: errs.Unknown, Value: text})
}

// Int returns a query parameter that is a whole number between least and most,
// or otherwise if it is missing. Errors: Invalid, naming it.
func (c *Call) Int(name string, otherwise, least, most int64) (int64, error) {
	text, err := c.Text(name)
	if err != nil || text == "" {
		return otherwise, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n < least:
		return 0, errs.InvalidFields(errs.Field{Name: name, Code: errs.Malformed, Value: text})
	case n > most:
		return 0, errs.InvalidFields(errs.Field{Name: name, Code: errs.TooBig, Limit: most, Value: text})
	}
	return n, nil
}

// Bounds of a page of a list.
const (
	DefaultLimit = 50
	MaxLimit     = 500
	maxOffset    = 1 << 31
)

// Page returns the query's limit, from 1 up to MaxLimit, and its offset.
// Errors: Invalid, naming them.
func (c *Call) Page() (limit, offset int, err error) { return c.PageUpTo(MaxLimit) }

// PageUpTo is Page with a bound of its own.
func (c *Call) PageUpTo(most int) (limit, offset int, err error) {
	l, err := c.Int("limit", int64(min(DefaultLimit, most)), 1, int64(most))
	if err != nil {
		return 0, 0, err
	}
	o, err := c.Int("offset", 0, 0, maxOffset)
	return int(l), int(o), err
}

// PageParams documents limit and offset, with the bound of the limit.
func PageParams(most int) []kit.Param {
	return []kit.Param{
		{Name: "limit", Integer: true, Description: "how many to return at most: 1 to " + strconv.Itoa(most) + ", " +
			strconv.Itoa(min(DefaultLimit, most)) + " if it is left out"},
		{Name: "offset", Integer: true, Description: "how many to leave out at the start"},
	}
}

// SignIn has the browser keep the key of a session that was opened just now.
func (c *Call) SignIn(s account.Session, key string) {
	c.W.Header().Add("Set-Cookie", kit.SessionCookieFor(c.Base(), s, key))
}

// SignOut has the browser forget it.
func (c *Call) SignOut() {
	c.W.Header().Add("Set-Cookie", kit.NoSessionCookie(c.Base()))
}
