package app

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/mail"
	"github.com/antiphon-music/antiphon/internal/mail/mailtest"
)

// mailed is a fixture whose mails go to a server.
func mailed(t *testing.T, addr string) *fixture {
	return newFixture(t, func(c *config.Config) {
		c.SMTPURL, c.MailFrom = "smtp://"+addr+"?tls=none", "Antiphon <music@example.org>"
		c.PublicURL = "https://music.example.org"
	})
}

// post has the server answer a request that claims to be sent to another host.
func (f *fixture) post(h http.Handler, target, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Host = "thief.example.com"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// keyIn finds the link in a mail.
func keyIn(t *testing.T, text, page string) (key, uid string) {
	t.Helper()
	m := regexp.MustCompile(`\nhttps://music\.example\.org/` + page + `\?key=([a-z0-9]{40})(?:&uid=([a-z0-9]+))?\n`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no link to %s: %s", page, text)
	}
	return m[1], m[2]
}

// The whole way: registration, proof of the address, a forgotten password, and
// the news of a new one.
func TestMails(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	f := mailed(t, s.Addr)
	f.start()
	h := f.handler()
	done := func(w *httptest.ResponseRecorder, status int) {
		t.Helper()
		if w.Code != status {
			t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
		}
	}

	done(f.post(h, "/api/auth/registration/",
		`{"email":"ada@example.com","password1":"Str0ngPass!42","password2":"Str0ngPass!42","full_name":"Ada"}`), 201)
	m := s.Next(t)
	if m.To != "ada@example.com" || m.From != "music@example.org" || m.Subject != "Confirm your e-mail address" {
		t.Errorf("%+v", m)
	}
	key, _ := keyIn(t, m.Text, "verify-email")
	done(f.post(h, "/web/api/verify-email", `{"key":"`+key+`"}`), 204)

	done(f.post(h, "/api/auth/password/reset/", `{"email":"nobody@example.com"}`), 200)
	done(f.post(h, "/api/auth/password/reset/", `{"email":"ada@example.com"}`), 200)
	m = s.Next(t) // nobody gets none
	if m.To != "ada@example.com" || !strings.HasPrefix(m.Text, "Hello Ada,\n") {
		t.Errorf("%+v", m)
	}
	key, uid := keyIn(t, m.Text, "reset-password")
	done(f.post(h, "/api/auth/password/reset/confirm/",
		`{"uid":"`+uid+`","token":"`+key+`","new_password1":"N3wPass!word","new_password2":"N3wPass!word"}`), 200)
	if m = s.Next(t); m.To != "ada@example.com" || m.Subject != "Your password was changed" {
		t.Errorf("%+v", m)
	}
	done(f.post(h, "/api/auth/login/", `{"email":"ada@example.com","password":"N3wPass!word"}`), 200)
}

// Whoever is invited comes in by the link that he gets.
func TestInvitationMail(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	f := newFixture(t, func(c *config.Config) {
		c.SMTPURL, c.MailFrom = "smtp://"+s.Addr+"?tls=none", "Antiphon <music@example.org>"
		c.PublicURL, c.Registration = "https://music.example.org", "invite"
	})
	f.start()
	h := f.handler()
	r := httptest.NewRequest("POST", "/admin/api/invitations", strings.NewReader(`{"email":"eve@example.com","role":"viewer"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+f.adminKey)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusCreated {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	m := s.Next(t)
	if m.To != "eve@example.com" {
		t.Errorf("%+v", m)
	}
	key, _ := keyIn(t, m.Text, "register")
	const account = `{"email":"eve@example.com","fullName":"Eve","password":"Str0ngPass!42","invitation":"`
	if w := f.post(h, "/web/api/account", account+`"}`); w.Code != http.StatusForbidden {
		t.Errorf("without the key: %d: %s", w.Code, w.Body)
	}
	if w := f.post(h, "/web/api/account", account+key+`"}`); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"role":"viewer"`) {
		t.Errorf("with the key: %d: %s", w.Code, w.Body)
	}
}

// sends runs the job of a mail once.
func (f *fixture) sends(payload string) (string, error) {
	return f.sendMail(f.t.Context(), []byte(payload))
}

const resetForUser = `{"Kind":"reset","Email":"user@example.org"}`

// While the mail server is away requests are answered, and the mails wait: with
// no secret in the database.
func TestMailServerAway(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	f := mailed(t, s.Addr)
	s.Close()
	h := f.handler()
	for _, email := range []string{"user@example.org", "nobody@example.org"} {
		if w := f.post(h, "/api/auth/password/reset/", `{"email":"`+email+`"}`); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if _, err := f.sends(resetForUser); err == nil {
		t.Error("a server that is away takes mails")
	}
	job, err := f.Store.ClaimJob(t.Context(), []string{sendMail}, jobs.Claim{Lease: "l", Node: "n", Now: f.now(), Until: f.now().Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(job.Payload), `{"Kind":"reset","UserID":0,"Email":"user@example.org","Language":""}`; got != want {
		t.Errorf("the job is about %s, want %s", got, want)
	}

	back := mailtest.Start(t, mailtest.Config{Addr: s.Addr})
	if result, err := f.sends(resetForUser); err != nil || result != "handed over" {
		t.Errorf("%q, %v", result, err)
	}
	keyIn(t, back.Next(t).Text, "reset-password")
}

// The worker tries again by itself.
func TestMailIsRetried(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	f := mailed(t, s.Addr)
	var once sync.Once
	s.Refuse(func(string) (err error) {
		once.Do(func() { err = &smtp.SMTPError{Code: 451, Message: "come back later"} })
		return err
	})
	f.start()
	if w := f.post(f.handler(), "/web/api/password-reset", `{"email":"user@example.org"}`); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	keyIn(t, s.Next(t).Text, "reset-password")
}

func TestMailIsRefused(t *testing.T) {
	s := mailtest.Start(t, mailtest.Config{})
	s.Refuse(func(string) error { return &smtp.SMTPError{Code: 550, Message: "no such user"} })
	f := mailed(t, s.Addr)
	if result, err := f.sends(resetForUser); err != nil || result != "the receiver was refused" {
		t.Errorf("%q, %v", result, err)
	}
	if result, err := f.sends(`{"Kind":"reset","Email":"nobody@example.org"}`); err != nil || result != "there is nothing to be sent" {
		t.Errorf("%q, %v", result, err)
	}
	if _, err := f.sends(`{`); err == nil {
		t.Error("half a job is done")
	}
}

// Without a mail server the operator finds the link in the log, and only mails
// that somebody asked for are written at all.
func TestMailsInTheLog(t *testing.T) {
	f := newFixture(t, nil)
	var out bytes.Buffer
	f.mails = mail.NewLog(slog.New(slog.NewTextHandler(&out, nil)))
	if result, err := f.sends(resetForUser); err != nil || result != "handed over" {
		t.Errorf("%q, %v", result, err)
	}
	if !strings.Contains(out.String(), f.Config.Home()+"/reset-password?key=") {
		t.Errorf("no link: %s", &out)
	}
	_, err := f.Accounts.Register(t.Context(), account.NewUser{Email: "ada@example.com", FullName: "Ada", Password: "Str0ngPass!42"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.Jobs.Kinds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		if k.Name == sendMail && k.Count.Waiting != 0 {
			t.Errorf("%d mails wait", k.Count.Waiting)
		}
	}
}
