package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/mail"
	"github.com/antiphon-music/antiphon/internal/mail/mailtest"
)

const sender = "Antiphon <music@example.org>"

func now() time.Time { return time.Date(2026, 11, 22, 14, 8, 32, 0, time.UTC) }

func newSMTP(t *testing.T, url string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(url, sender, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var hello = mail.Message{To: "ada@example.com", ToName: "Ada, Königin", Subject: "Grüße", Text: "Guten Tag\n", HTML: "<p>Guten Tag</p>\n"}

func TestSend(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	if err := newSMTP(t, "smtp://"+s.Addr+"?tls=none").Send(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	m := s.Next(t)
	if m.From != "music@example.org" || m.To != "ada@example.com" || m.Subject != "Grüße" || m.User != "" || m.TLS ||
		strings.TrimSpace(m.Text) != "Guten Tag" || strings.TrimSpace(m.HTML) != "<p>Guten Tag</p>" {
		t.Errorf("%+v", m)
	}
	for name, want := range map[string]string{
		"From": `"Antiphon" <music@example.org>`, "To": `=?utf-8?b?QWRhLCBLw7ZuaWdpbg==?= <ada@example.com>`,
		"Date": "Sun, 22 Nov 2026 14:08:32 +0000", "Auto-Submitted": "auto-generated",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if m.Header.Get("Message-Id") == "" {
		t.Error("it has no Message-ID")
	}
}

// A name is what somebody calls himself: it stays in its place.
func TestSendForgedHeader(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	forged := hello
	forged.ToName = "Ada\r\nBcc: everybody@example.com\r\n\r\nBuy this"
	forged.Subject = "Hello\r\nReply-To: thief@example.com"
	if err := newSMTP(t, "smtp://"+s.Addr+"?tls=none").Send(t.Context(), forged); err != nil {
		t.Fatal(err)
	}
	m := s.Next(t)
	if m.To != "ada@example.com" || m.Header.Get("Bcc") != "" || m.Header.Get("Reply-To") != "" || strings.Contains(m.Text, "Buy") {
		t.Errorf("%+v", m)
	}
}

// certificate is what a test server shows, and what has others believe it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

func TestEncryption(t *testing.T) {
	server, client := certificate(t)
	tests := []struct {
		name   string
		config mailtest.Config
		user   string
		query  string
		trust  bool
		want   string // part of the error; "" for none
	}{
		{"STARTTLS", mailtest.Config{TLS: server}, "", "?tls=starttls", true, ""},
		{"STARTTLS unless something is said", mailtest.Config{TLS: server}, "", "", true, ""},
		{"implicit TLS", mailtest.Config{TLS: server, Implicit: true}, "", "?tls=tls", true, ""},
		{"a password", mailtest.Config{TLS: server, Password: "secret"}, "ada:secret@", "", true, ""},
		{"a password in the clear", mailtest.Config{Password: "secret"}, "ada:secret@", "?tls=none", false, ""},
		{"a wrong password", mailtest.Config{TLS: server, Password: "secret"}, "ada:guess@", "", true, "535"},
		{"no password", mailtest.Config{TLS: server, Password: "secret"}, "", "", true, "authenticate"},
		{"a server that does not encrypt", mailtest.Config{}, "", "", true, "STARTTLS"},
		{"a stranger's certificate", mailtest.Config{TLS: server}, "", "", false, "certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := mailtest.Start(t, tt.config)
			sender := newSMTP(t, "smtp://"+tt.user+s.Addr+tt.query)
			if tt.trust {
				sender.Trust(client)
			}
			err := sender.Send(t.Context(), hello)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || errs.Is(err, errs.Invalid) || s.Waiting() != 0 {
					t.Errorf("error %v, want one with %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			m := s.Next(t)
			if m.TLS != (tt.config.TLS != nil) || m.User != strings.TrimSuffix(tt.user, ":secret@") {
				t.Errorf("TLS %v, user %q", m.TLS, m.User)
			}
		})
	}
}

// A receiver who is refused for good is not worth another try; everything else
// is.
func TestRefused(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	sender := newSMTP(t, "smtp://"+s.Addr+"?tls=none")
	answer := func(code int) {
		s.Refuse(func(string) error { return &smtp.SMTPError{Code: code, Message: "not now"} })
	}
	answer(550)
	if err := sender.Send(t.Context(), hello); !errs.Is(err, errs.Invalid) {
		t.Errorf("550: %v", err)
	}
	answer(450)
	if err := sender.Send(t.Context(), hello); err == nil || errs.Is(err, errs.Invalid) {
		t.Errorf("450: %v", err)
	}
	s.Refuse(nil)
	if err := sender.Send(t.Context(), hello); err != nil {
		t.Error(err)
	}
	s.Next(t)
	s.Close()
	if err := sender.Send(t.Context(), hello); err == nil || errs.Is(err, errs.Invalid) {
		t.Errorf("a server that is away: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sender.Send(gone, hello); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
}

func TestNewSMTP(t *testing.T) {
	for _, good := range []string{
		"smtp://mail.example.org", "smtp://mail.example.org:2525", "smtp://mail.example.org/", "smtp://ada:p%40ss@mail.example.org:465",
		"smtp://mail.example.org?tls=none", "smtp://[::1]:25?tls=none",
	} {
		if _, err := mail.NewSMTP(good, sender, now); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "mail.example.org", "smtps://mail.example.org", "smtp://", "smtp://mail.example.org/folder", "smtp://mail.example.org?tls=maybe",
		"smtp://mail.example.org?tsl=none", "smtp://mail.example.org:0", "smtp://mail.example.org:70000", "smtp://ada:secret%zz@mail.example.org",
	} {
		_, err := mail.NewSMTP(bad, sender, now)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, from := range []string{"", "Antiphon", "music@", "a@example.org, b@example.org"} {
		if _, err := mail.NewSMTP("smtp://mail.example.org", from, now); err == nil {
			t.Errorf("from %q: no error", from)
		}
	}
}

func TestLog(t *testing.T) {
	var out bytes.Buffer
	l := mail.NewLog(slog.New(slog.NewTextHandler(&out, nil)))
	if err := l.Send(t.Context(), hello); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"not sent", "ada@example.com", "Guten Tag"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q: %s", want, &out)
		}
	}
}
