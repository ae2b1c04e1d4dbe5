package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// How the connection to a mail server is protected.
const (
	starttls    = "starttls" // it begins in the clear, and is encrypted before anything is said (RFC 3207)
	implicitTLS = "tls"      // it is encrypted from the start (RFC 8314)
	plain       = "none"
)

// The usual ports, of RFC 6409, RFC 8314 and RFC 5321.
var ports = map[string]int{starttls: 587, implicitTLS: 465, plain: 25}

// smtpTimeout is how long a server may take to answer. The context of Send
// bounds the whole.
const smtpTimeout = 20 * time.Second

// SMTP is a Sender over a mail server. Each mail has its own connection.
type SMTP struct {
	host    string
	from    *mail.Address
	options []gomail.Option
	now     func() time.Time
}

// NewSMTP returns a Sender over the server at
// smtp://USER:PASSWORD@HOST:PORT?tls=starttls (or tls, or none), of which all
// but the host may be left out. Mails come from an address such as
// "Antiphon <music@example.org>". It connects to nothing.
func NewSMTP(server, from string, now func() time.Time) (*SMTP, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is no sender such as Antiphon <music@example.org>", from)
	}
	// The text of an error would show the password.
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return nil, errors.New("mail: the server is not of the form smtp://USER:PASSWORD@HOST:PORT?tls=starttls")
	}
	query := u.Query()
	security := query.Get("tls")
	if query.Del("tls"); len(query) > 0 {
		return nil, errors.New("mail: the address of the server has no parameter but tls")
	}
	if security == "" {
		security = starttls
		if u.Port() == strconv.Itoa(ports[implicitTLS]) {
			security = implicitTLS
		}
	}
	port, known := ports[security]
	if !known {
		return nil, fmt.Errorf("mail: tls is %s, %s or %s, not %q", starttls, implicitTLS, plain, security)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("mail: %q is no port", u.Port())
		}
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(smtpTimeout), gomail.WithoutNoop()}
	auth := gomail.SMTPAuthAutoDiscover
	switch security {
	case starttls:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case implicitTLS:
		options = append(options, gomail.WithSSL())
	case plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		auth = gomail.SMTPAuthPlainNoEnc // the operator has said that nobody listens
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	s := &SMTP{host: u.Hostname(), from: sender, options: options, now: now}
	if _, err := s.client(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *SMTP) client() (*gomail.Client, error) {
	c, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return c, nil
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	err = c.DialAndSendWithContext(ctx, s.compose(m))
	var failed *gomail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed) && failed.Reason == gomail.ErrSMTPRcptTo && !failed.IsTemp():
		return &errs.Error{Kind: errs.Invalid, Fields: []errs.Field{{Name: "email", Code: errs.Unknown}}, Err: err}
	}
	return fmt.Errorf("mail: %w", err)
}

// compose makes a message of both texts (RFC 2046, multipart/alternative).
func (s *SMTP) compose(m Message) *gomail.Msg {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	msg.ToMailAddress(&mail.Address{Name: m.ToName, Address: m.To})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(s.now())
	msg.SetMessageID()
	// Nobody's absence note is wanted (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg
}
