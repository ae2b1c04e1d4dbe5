package django

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// What goes by mail: proof of an address, and a new password for whoever has
// forgotten his. The pages that the mails lead to are the web app's.

const textInvalidValue = "Invalid value"

// mailRequest is the wish of a client for a mail to an address.
func (d *Dialect) mailRequest(c *call) (account.MailRequest, error) {
	var email *string
	if err := d.fields(c, func(f *form) { email = f.email(field{max: account.MaxEmail}) }); err != nil {
		return account.MailRequest{}, err
	}
	return account.MailRequest{Email: *email, Addr: d.addresses.Client(c.r), Language: c.r.Header.Get("Accept-Language")}, nil
}

func (d *Dialect) resendEmail(c *call) (reply, error) {
	in, err := d.mailRequest(c)
	if err != nil {
		return reply{}, err
	}
	return detail("ok"), d.accounts.RequestVerification(c.ctx(), in)
}

func (d *Dialect) verifyEmail(c *call) (reply, error) {
	var key *string
	if err := d.fields(c, func(f *form) { key = f.text("key", field{}) }); err != nil {
		return reply{}, err
	}
	_, err := d.accounts.Verify(c.ctx(), *key)
	return detail("ok"), err
}

// confirmEmail sends a browser to the page that confirms an address. It does not
// do so itself: whatever looks into mails follows links as well.
func (d *Dialect) confirmEmail(c *call) (reply, error) {
	return redirect("/verify-email?" + url.Values{"key": {c.text}}.Encode()), nil
}

func (d *Dialect) emailSent(*call) (reply, error) { return redirect("/"), nil }

// redirect leads a browser to a page of the web app.
func redirect(to string) reply {
	r := reply{status: http.StatusFound}
	r.set("Location", to)
	return r
}

func (d *Dialect) resetPassword(c *call) (reply, error) {
	in, err := d.mailRequest(c)
	if err != nil {
		return reply{}, err
	}
	return detail("Password reset e-mail has been sent."), d.accounts.RequestReset(c.ctx(), in)
}

func (d *Dialect) confirmReset(c *call) (reply, error) {
	var password, repeated, uid, token *string
	if err := d.fields(c, func(f *form) {
		password = f.text("new_password1", field{max: maxPassword})
		repeated = f.text("new_password2", field{max: maxPassword})
		uid = f.text("uid", field{})
		token = f.text("token", field{})
	}); err != nil {
		return reply{}, err
	}
	id, err := strconv.ParseInt(*uid, 36, 64)
	if err != nil || id < 1 {
		return reply{}, fieldErrors{{"uid", []string{textInvalidValue}}}
	}
	reset := account.Reset{UserID: id, Key: *token, Password: *password}
	if err := d.accounts.CheckReset(c.ctx(), reset); err != nil {
		return reply{}, newPasswordError(err)
	}
	if *password != *repeated {
		return reply{}, fieldErrors{{"new_password2", []string{textMismatchForm}}}
	}
	return detail("Password has been reset with the new password."), newPasswordError(d.accounts.ResetPassword(c.ctx(), reset))
}

// newPasswordError words what is wrong with a new password, or the link to set it.
func newPasswordError(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return err
	}
	switch e.Fields[0].Name {
	case "user":
		return fieldErrors{{"uid", []string{textInvalidValue}}}
	case "key":
		return fieldErrors{{"token", []string{textInvalidValue}}}
	}
	return fieldErrors{{"new_password2", passwordTexts(e.Fields)}}
}
