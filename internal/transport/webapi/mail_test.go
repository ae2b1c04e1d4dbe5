package webapi_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// key returns the key in the only mail that waits.
func (s *server) key() string {
	s.t.Helper()
	jobs := s.Mails.Take()
	if len(jobs) != 1 {
		s.t.Fatalf("%d mails wait", len(jobs))
	}
	l, ok, err := s.Accounts.Letter(context.Background(), jobs[0])
	if err != nil || !ok {
		s.t.Fatalf("%+v is not sent: %v", jobs[0], err)
	}
	return l.Key
}

func (s *server) post(path, who, body string) answer {
	s.t.Helper()
	return s.do(request{method: "POST", path: path, who: who, body: body})
}

func TestPasswordReset(t *testing.T) {
	s := newServer(t)
	_, token := s.AddUser(t, "ada@example.com", "Ada", false)
	s.post("password-reset", "", `{"email":"nobody@example.com"}`).is(204, nil)
	if _, ok, _ := s.Accounts.Letter(context.Background(), s.Mails.Take()[0]); ok {
		t.Error("nobody gets a mail")
	}
	s.post("password-reset", "", `{"email":""}`).fails(400, "invalid", "email required")
	s.post("password-reset", "", `{"email":"ada"}`).fails(400, "invalid", "email malformed")
	s.post("password-reset", "", `{"email":"ADA@example.com"}`).is(204, nil)
	key := s.key()

	confirm := func(key, password string) answer {
		t.Helper()
		return s.post("password-reset/confirm", "", fmt.Sprintf(`{"key":%q,"password":%q}`, key, password))
	}
	confirm("", "N3wPass!word").fails(400, "invalid", "key unknown")
	confirm("x", "N3wPass!word").fails(400, "invalid", "key unknown")
	confirm(key, "123").fails(400, "invalid", "password too_short")
	confirm(key, "N3wPass!word").is(204, nil)
	confirm(key, "N3wPass!word").fails(400, "invalid", "key unknown")
	s.get("account/sign-ins", token).fails(401, "unauthenticated", "")
	s.post("session", "", `{"email":"ada@example.com","password":"N3wPass!word"}`).is(200, nil)
}

func TestVerifyEmail(t *testing.T) {
	s := newServer(t)
	var m me
	s.do(request{
		method: "POST", path: "account", header: map[string]string{"Accept-Language": "de-AT, de"},
		body: fmt.Sprintf(`{"email":"ada@example.com","fullName":"Ada","password":%q}`, world.Password),
	}).is(201, &m)
	if m.Verified {
		t.Error("an address is verified by word alone")
	}
	if jobs := s.Mails.Take(); len(jobs) != 1 || jobs[0].Kind != account.MailVerify || jobs[0].Language != "de-AT, de" {
		t.Errorf("after registration: %+v", jobs)
	}
	ctx := t.Context()
	u, err := s.Accounts.UserByEmail(ctx, account.Operator(), "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Accounts.IssueToken(ctx, u.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	s.post("verify-email/resend", "", "").fails(401, "unauthenticated", "")
	s.post("verify-email/resend", token, "").is(204, nil)
	key := s.key()
	s.post("verify-email", "", `{"key":"x"}`).fails(404, "not_found", "")
	s.post("verify-email", "", fmt.Sprintf(`{"key":%q}`, key)).is(204, nil)
	s.post("verify-email", "", fmt.Sprintf(`{"key":%q}`, key)).fails(404, "not_found", "")

	for range 4 {
		s.post("verify-email/resend", token, "").is(204, nil)
	}
	if got := s.post("verify-email/resend", token, "").fails(429, "rate_limited", ""); got.Header().Get("Retry-After") != "720" {
		t.Errorf("Retry-After %q", got.Header().Get("Retry-After"))
	}
}
