package django

import (
	"errors"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The sentences about signing in that no field has.
const (
	textTaken        = "A user is already registered with this e-mail address."
	textMismatch     = "The two password fields didn't match."
	textMismatchForm = "The two password fields didn’t match." // as Django's own forms write it
	textWrongLogin   = "Unable to log in with provided credentials."
	textSecondFactor = "This account has a second factor: send its code as \"otp\"."
	textWrongCode    = "This code is not right."
	textNoLogin      = "Must include \"email\" and \"password\"."
)

func (d *Dialect) register(c *call) (reply, error) {
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	fields, err := d.readRegistration(c, in)
	if err != nil {
		return reply{}, err
	}
	user, err := d.accounts.Register(c.ctx(), fields)
	if err != nil {
		return reply{}, registrationError(err)
	}
	label := c.r.UserAgent()
	key, err := d.accounts.IssueToken(c.ctx(), user.ID, label)
	if err != nil {
		return reply{}, err
	}
	session, sessionKey, err := d.accounts.OpenSession(c.ctx(), user.ID, label)
	if err != nil {
		return reply{}, err
	}
	answer := reply{status: http.StatusCreated, body: keyBody(key), session: true}
	answer.set("Set-Cookie", d.csrfSetCookie(c, true))
	answer.set("Set-Cookie", kit.SessionCookieFor(c.base, session, sessionKey))
	return answer, nil
}

func keyBody(key string) []byte { return append(appendText(nil, `{"key":`, key), '}') }

// readRegistration reads the fields in the order of the reference: each by
// itself, then whether the passwords agree.
func (d *Dialect) readRegistration(c *call, in input) (account.NewUser, error) {
	f := form{in: in}
	email := f.email(field{max: account.MaxEmail})
	// Where not everybody may register, strangers are not told who has.
	if policy := d.accounts.Policy(); email != nil && policy.Registration == account.Open && len(policy.Domains) == 0 {
		owner, err := d.ownerOf(c, *email)
		if err != nil {
			return account.NewUser{}, err
		}
		if owner != 0 {
			f.fail("email", textTaken)
		}
	}
	password := f.text("password1", field{})
	if password != nil {
		// Nobody's address: what is similar to it shows only when all else is right.
		if messages := passwordTexts(d.accounts.CheckPassword(*password, "")); len(messages) > 0 {
			f.fail("password1", messages...)
		}
	}
	repeated := f.text("password2", field{})
	name := f.text("full_name", field{max: maxName})
	if err := f.err(); err != nil {
		return account.NewUser{}, err
	}
	if *password != *repeated {
		return account.NewUser{}, wrongInput(textMismatch)
	}
	return account.NewUser{
		Email: *email, FullName: *name, Password: *password, Language: c.r.Header.Get("Accept-Language"),
	}, nil
}

// registrationError words what shows only on registering: a password too close
// to the address, and an address that somebody took at the same moment.
func registrationError(err error) error {
	if errs.Is(err, errs.Forbidden) {
		return refused(err)
	}
	var e *errs.Error
	if !errors.As(err, &e) {
		return err
	}
	var worded fieldErrors
	for _, f := range e.Fields {
		switch {
		case f.Name == "password":
			worded = append(worded, fieldError{nonField, []string{fieldText(f)}})
		case f.Code == errs.Taken:
			worded = append(worded, fieldError{"email", []string{textTaken}})
		default:
			return err
		}
	}
	if len(worded) == 0 {
		return err
	}
	return worded
}

// passwordTexts words what is wrong with a password.
func passwordTexts(wrong []errs.Field) []string {
	texts := make([]string, len(wrong))
	for i, f := range wrong {
		texts[i] = fieldText(f)
	}
	return texts
}

func (d *Dialect) login(c *call) (reply, error) {
	var email, password, code *string
	if err := d.fields(c, func(f *form) {
		f.text("username", field{optional: true, blank: true}) // checked, and no use
		email = f.email(field{optional: true, blank: true})
		password = f.text("password", field{})
		code = f.text("otp", field{optional: true, blank: true})
	}); err != nil {
		return reply{}, err
	}
	if email == nil || *email == "" {
		return reply{}, wrongInput(textNoLogin)
	}
	try := account.Login{Email: *email, Password: *password, Addr: d.addresses.Client(c.r), Label: c.r.UserAgent()}
	if code != nil {
		try.Code = *code
	}
	_, key, err := d.accounts.Login(c.ctx(), try)
	var step *account.SecondStep
	switch {
	case errors.As(err, &step):
		return reply{}, wrongInput(textSecondFactor)
	case errs.Is(err, errs.Unauthenticated):
		return reply{}, wrongInput(textWrongLogin)
	case errs.Is(err, errs.Invalid):
		return reply{}, fieldErrors{{"otp", []string{textWrongCode}}}
	}
	return ok(keyBody(key)), err
}

func (d *Dialect) logout(c *call) (reply, error) {
	if err := d.accounts.Logout(c.ctx(), c.actor()); err != nil {
		return reply{}, err
	}
	answer := detail("Successfully logged out.")
	if _, err := c.r.Cookie(kit.SessionCookie); err == nil && c.caller.Cookie {
		answer.set("Set-Cookie", kit.NoSessionCookie(c.base))
	}
	return answer, nil
}

// maxPassword is the greatest length of a new password, in characters.
const maxPassword = 128

func (d *Dialect) changePassword(c *call) (reply, error) {
	var password, repeated *string
	if err := d.fields(c, func(f *form) {
		password = f.text("new_password1", field{max: maxPassword})
		repeated = f.text("new_password2", field{max: maxPassword})
	}); err != nil {
		return reply{}, err
	}
	if *password != *repeated {
		return reply{}, fieldErrors{{"new_password2", []string{textMismatchForm}}}
	}
	if err := d.accounts.ChangePassword(c.ctx(), c.actor(), *password); err != nil {
		return reply{}, newPasswordError(err)
	}
	answer := detail("New password has been saved.")
	answer.session = true
	return answer, nil
}

func (d *Dialect) adminCheck(c *call) (reply, error) {
	if !c.actor().Admin() {
		return reply{status: http.StatusForbidden, body: []byte(`{"error":"Forbidden"}`)}, nil
	}
	return ok([]byte(`{"admin":true}`)), nil
}
