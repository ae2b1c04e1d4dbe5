package app

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/demo"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Email, Password string
	Known           bool // from the documentation, for the demo; otherwise made up just now
}

// firstEmail is the first admin's address if the configuration names none.
const firstEmail = "admin@localhost"

const firstPasswordChars = 20

// FirstAdmin makes an admin if there is no account at all, and returns how to
// sign in as him; nil if there is one already. On a demo server he is the
// demo's, whose password is known.
func (a *App) FirstAdmin(ctx context.Context, onDemo bool) (*Credentials, error) {
	empty, err := a.Accounts.Empty(ctx)
	if err != nil || !empty {
		return nil, err
	}
	c := Credentials{Email: a.Config.AdminEmail, Password: account.RandomKey(firstPasswordChars)}
	if c.Email == "" {
		c.Email = firstEmail
	}
	name := "Admin"
	if onDemo {
		c = Credentials{Email: demo.Admin().Email, Password: demo.Password, Known: true}
		name = demo.Admin().FullName
	}
	made := account.NewUser{Email: c.Email, FullName: name, Password: c.Password, Verified: true, Role: account.Administrator}
	switch _, err = a.Accounts.Create(ctx, account.Operator(), made); {
	case errs.Is(err, errs.Conflict):
		return nil, nil // another node was faster
	case err != nil:
		return nil, fmt.Errorf("the first admin, %s: %w", c.Email, err)
	}
	return &c, nil
}

// Address returns where to open the server in a browser: the public URL, or
// the listener's address with a name for "every interface".
func (a *App) Address(addr net.Addr) string {
	if a.Config.PublicURL != "" {
		return strings.TrimRight(a.Config.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}).String()
}
