// Package mailtest runs a mail server for tests: it speaks SMTP on a port of its
// own, and keeps what it gets.
package mailtest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is what the server got.
type Mail struct {
	From, To   string // of the envelope
	Header     mail.Header
	Subject    string // decoded
	Text, HTML string
	User       string // who sent it, as he has signed in; "" if he has not
	TLS        bool   // it came by an encrypted connection
}

// Config says what kind of server it is.
type Config struct {
	TLS      *tls.Config // offers STARTTLS; nil does not
	Implicit bool        // encrypts from the start
	Password string      // wanted from everybody, whatever his name; "" wants none
	Addr     string      // to listen on; "" chooses a port
}

// Server is a mail server.
type Server struct {
	Addr string

	password string
	server   *smtp.Server
	got      chan Mail

	mu     sync.Mutex
	refuse func(to string) error
}

// waitTime is how long a mail may take before a test fails.
const waitTime = 30 * time.Second

// Start runs a server until the test ends.
func Start(t testing.TB, c Config) *Server {
	t.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Addr: l.Addr().String(), password: c.Password, got: make(chan Mail, 100)}
	if c.Implicit {
		l = tls.NewListener(l, c.TLS)
	}
	s.server = smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		_, encrypted := conn.TLSConnectionState()
		return &session{s: s, tls: encrypted || c.Implicit}, nil
	}))
	s.server.TLSConfig = c.TLS
	s.server.AllowInsecureAuth = true
	s.server.Domain = "localhost"
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(l) }()
	t.Cleanup(func() {
		_ = s.server.Close() // a test may have closed it
		if err := <-ended; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

// Close ends the server before the test ends.
func (s *Server) Close() { _ = s.server.Close() }

// Refuse has a function say which receivers are refused, and how: by an
// *smtp.SMTPError. nil refuses nobody.
func (s *Server) Refuse(refuse func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// Next waits for the next mail.
func (s *Server) Next(t testing.TB) Mail {
	t.Helper()
	select {
	case m := <-s.got:
		return m
	case <-time.After(waitTime):
		t.Fatal("no mail came")
		return Mail{}
	}
}

// Waiting returns how many mails Next would return at once.
func (s *Server) Waiting() int { return len(s.got) }

// session is what one client says.
type session struct {
	s        *Server
	tls      bool
	user     string
	from, to string
}

// AuthMechanisms implements smtp.AuthSession.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != c.s.password {
			return smtp.ErrAuthFailed
		}
		c.user = user
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.s.password != "" && c.user == "" {
		return smtp.ErrAuthRequired
	}
	c.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.to = to
	if c.s.refuse != nil {
		return c.s.refuse(to)
	}
	return nil
}

// Data implements smtp.Session.
func (c *session) Data(r io.Reader) error {
	m, err := read(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: err.Error()}
	}
	m.From, m.To, m.User, m.TLS = c.from, c.to, c.user, c.tls
	c.s.got <- m
	return nil
}

// Reset implements smtp.Session.
func (c *session) Reset() { c.from, c.to = "", "" }

// Logout implements smtp.Session.
func (*session) Logout() error { return nil }

// read takes a message with a text and the same in HTML apart.
func read(r io.Reader) (m Mail, err error) {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return m, err
	}
	m.Header = msg.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return m, err
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return m, err
	}
	if kind != "multipart/alternative" {
		return m, fmt.Errorf("it is of type %q", kind)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		if got := part.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			return m, fmt.Errorf("a part is encoded as %q", got)
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(quotedprintable.NewReader(part)); err != nil {
			return m, err
		}
		text := strings.ReplaceAll(body.String(), "\r\n", "\n")
		switch kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";"); kind {
		case "text/plain":
			m.Text = text
		case "text/html":
			m.HTML = text
		default:
			return m, fmt.Errorf("a part is of type %q", kind)
		}
	}
}
