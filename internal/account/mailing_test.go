package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// letter writes the only mail that waits.
func (h house) letter(t *testing.T) account.Letter {
	t.Helper()
	jobs := h.Mails.Take()
	if len(jobs) != 1 {
		t.Fatalf("%d mails wait: %+v", len(jobs), jobs)
	}
	l, ok, err := h.Letter(t.Context(), jobs[0])
	check(t, err)
	if !ok {
		t.Fatalf("%+v is not sent", jobs[0])
	}
	return l
}

// wantMails checks which kinds of mails wait.
func (h house) wantMails(t *testing.T, want ...account.MailKind) {
	t.Helper()
	var got []account.MailKind
	for _, j := range h.Mails.Take() {
		got = append(got, j.Kind)
	}
	if !slices.Equal(got, want) {
		t.Errorf("mails %v, want %v", got, want)
	}
}

// forgotten has somebody ask for a new password, and returns the key he is sent.
func (h house) forgotten(t *testing.T, email string) string {
	t.Helper()
	check(t, h.RequestReset(t.Context(), account.MailRequest{Email: email, Addr: "10.0.0.1"}))
	return h.letter(t).Key
}

func TestVerify(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := must(h.Register(ctx, account.NewUser{Email: "Ada@example.com", FullName: "Ada", Password: "Str0ngPass!42", Language: "de"}))(t)
	l := h.letter(t)
	equal(t, "letter", l, account.Letter{
		Kind: account.MailVerify, Language: "de", To: "Ada@example.com", UserID: u.ID, Key: l.Key, Lasts: 72 * time.Hour,
	})

	_, err := h.Verify(ctx, "")
	wantKind(t, err, errs.NotFound)
	_, err = h.Verify(ctx, strings.Repeat("x", len(l.Key)))
	wantKind(t, err, errs.NotFound)
	equal(t, "verified", must(h.Verify(ctx, l.Key))(t).Verified, true)
	equal(t, "stored", must(h.Store.UserByID(ctx, u.ID))(t).Verified, true)
	_, err = h.Verify(ctx, l.Key)
	wantKind(t, err, errs.NotFound)

	// There is nothing more to prove.
	check(t, h.RequestVerification(ctx, account.MailRequest{Email: "ada@example.com"}))
	_, ok, err := h.Letter(ctx, h.Mails.Take()[0])
	if ok || err != nil {
		t.Errorf("a verified address is to be verified: %v", err)
	}
}

// Proof of the admin's address makes an admin, at once.
func TestVerifyAdmin(t *testing.T) {
	h := newHouse(t)
	u := h.join(t, boss)
	actor, key := h.enter(t, u)
	equal(t, "admin by claim", actor.Admin(), false)
	equal(t, "admin by proof", must(h.Verify(t.Context(), h.letter(t).Key))(t).Admin, true)
	equal(t, "at the next request", must(h.AuthenticateToken(t.Context(), key))(t).Admin(), true)
}

// A link proves the address it went to, and no other; all links that were sent
// are good, until one is used.
func TestVerifyOtherAddress(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "ada@example.com")
	first := h.letter(t).Key
	actor, _ := h.enter(t, u)
	must(h.UpdateProfile(ctx, actor, account.Profile{Email: ptr("lovelace@example.com")}))(t)
	_, err := h.Verify(ctx, first)
	wantKind(t, err, errs.NotFound)

	var keys []string
	for range 2 {
		check(t, h.RequestVerification(ctx, account.MailRequest{Email: "LOVELACE@example.com"}))
		keys = append(keys, h.letter(t).Key)
	}
	must(h.Verify(ctx, keys[0]))(t)
	_, err = h.Verify(ctx, keys[1])
	wantKind(t, err, errs.NotFound)
}

func TestResetPassword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "ada@example.com")
	h.Mails.Take()
	_, token := h.enter(t, u)
	_, session := must2(h.OpenSession(ctx, u.ID, "browser"))(t)
	key := h.forgotten(t, " ADA@example.com ")
	reset := func(id int64, key, password string) error {
		return h.ResetPassword(ctx, account.Reset{UserID: id, Key: key, Password: password})
	}

	check(t, h.CheckReset(ctx, account.Reset{Key: key}))
	wantFaults(t, reset(0, "", "N3wPass!word"), errs.Invalid, "key unknown")
	wantFaults(t, reset(0, strings.Repeat("x", len(key)), "N3wPass!word"), errs.Invalid, "key unknown")
	wantFaults(t, reset(99, key, "N3wPass!word"), errs.Invalid, "user unknown")
	other := h.join(t, "bob@example.com")
	h.Mails.Take()
	wantFaults(t, reset(other.ID, key, "N3wPass!word"), errs.Invalid, "key unknown")
	wantFaults(t, reset(u.ID, key, "123"), errs.Invalid, "password too_short, password common, password numeric")
	wantFaults(t, reset(u.ID, key, "ada@example.com"), errs.Invalid, "password similar")

	check(t, reset(u.ID, key, "N3wPass!word"))
	wantFaults(t, reset(u.ID, key, "N3wPass!word2"), errs.Invalid, "key unknown")
	_, err := h.AuthenticateToken(ctx, token)
	wantKind(t, err, errs.Unauthenticated)
	_, err = h.AuthenticateSession(ctx, session)
	wantKind(t, err, errs.Unauthenticated)
	_, _, err = h.Login(ctx, account.Login{Email: "ada@example.com", Password: "Str0ngPass!42"})
	wantKind(t, err, errs.Unauthenticated)
	got, _ := must2(h.Login(ctx, account.Login{Email: "ada@example.com", Password: "N3wPass!word"}))(t)
	equal(t, "verified", got.Verified, true)
	l := h.letter(t)
	equal(t, "news", l, account.Letter{Kind: account.MailPassword, To: "ada@example.com", ToName: "Somebody", UserID: u.ID})
}

// What makes a link to a new password void.
func TestResetVoid(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, h house, u account.User, actor account.Actor)
	}{
		{"an hour", func(_ *testing.T, h house, _ account.User, _ account.Actor) { h.pass(time.Hour) }},
		{"another link that was used", func(t *testing.T, h house, _ account.User, _ account.Actor) {
			check(t, h.ResetPassword(t.Context(), account.Reset{Key: h.forgotten(t, "ada@example.com"), Password: "Str0ngPass!42"}))
		}},
		{"another password", func(t *testing.T, h house, _ account.User, actor account.Actor) {
			check(t, h.ChangePassword(t.Context(), actor, "N3wPass!word"))
		}},
		{"the same password, set again", func(t *testing.T, h house, u account.User, _ account.Actor) {
			check(t, h.SetPassword(t.Context(), account.Operator(), u.ID, "Str0ngPass!42"))
		}},
		{"another address", func(t *testing.T, h house, _ account.User, actor account.Actor) {
			must(h.UpdateProfile(t.Context(), actor, account.Profile{Email: ptr("lovelace@example.com")}))(t)
		}},
		{"being shut out", func(t *testing.T, h house, u account.User, _ account.Actor) {
			check(t, h.SetActive(t.Context(), account.Operator(), u.ID, false))
		}},
		{"the end of the account", func(t *testing.T, h house, u account.User, _ account.Actor) {
			check(t, h.DeleteUser(t.Context(), account.Operator(), u.ID))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			u := h.join(t, "ada@example.com")
			h.Mails.Take()
			actor, _ := h.enter(t, u)
			key := h.forgotten(t, "ada@example.com")
			tt.do(t, h, u, actor)
			err := h.ResetPassword(t.Context(), account.Reset{Key: key, Password: "An0therPass!"})
			wantFaults(t, err, errs.Invalid, "key unknown")
		})
	}
}

// A key is good for what it was made for.
func TestLinkPurposes(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.join(t, "ada@example.com")
	verify := h.letter(t).Key
	reset := h.forgotten(t, "ada@example.com")
	_, err := h.Verify(ctx, reset)
	wantKind(t, err, errs.NotFound)
	wantFaults(t, h.ResetPassword(ctx, account.Reset{Key: verify, Password: "N3wPass!word"}), errs.Invalid, "key unknown")
	must(h.Verify(ctx, verify))(t)
	check(t, h.ResetPassword(ctx, account.Reset{Key: reset, Password: "N3wPass!word"}))
}

// Nobody learns who has an account: the answer is the same, and so is the work.
func TestRequestsTellNothing(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "ada@example.com")
	shut := h.join(t, "shut@example.com")
	check(t, h.SetActive(ctx, account.Operator(), shut.ID, false))
	h.Mails.Take()
	for _, tt := range []struct {
		email string
		sent  bool
	}{{"ada@example.com", true}, {"nobody@example.com", false}, {"shut@example.com", false}} {
		check(t, h.RequestReset(ctx, account.MailRequest{Email: tt.email, Language: "de"}))
		check(t, h.RequestVerification(ctx, account.MailRequest{Email: tt.email, Language: "de"}))
		for _, j := range h.Mails.Take() {
			equal(t, "job", j, account.MailJob{Kind: j.Kind, Email: tt.email, Language: "de"})
			l, ok, err := h.Letter(ctx, j)
			check(t, err)
			if ok != tt.sent || ok && l.UserID != u.ID {
				t.Errorf("%s to %s: sent %v, %+v", j.Kind, tt.email, ok, l)
			}
		}
	}
	for _, email := range []string{"", "ada", "ada@example.com\r\nBcc: eve@example.com", strings.Repeat("a", 250) + "@example.com"} {
		if err := h.RequestReset(ctx, account.MailRequest{Email: email}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", email, err)
		}
	}
	h.wantMails(t)
}

func TestMailsAreRationed(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	ask := func(addr, email string) error {
		return h.RequestReset(ctx, account.MailRequest{Addr: addr, Email: email})
	}
	for range 5 {
		check(t, ask("10.0.0.1", "nobody@example.com"))
	}
	err := ask("10.0.0.2", "NOBODY@example.com") // from wherever
	wantKind(t, err, errs.RateLimited)
	wantKind(t, h.RequestVerification(ctx, account.MailRequest{Addr: "10.0.0.2", Email: "nobody@example.com"}), errs.RateLimited)
	for i := range 15 {
		check(t, ask("10.0.0.1", fmt.Sprintf("%d@example.com", i)))
	}
	wantKind(t, ask("10.0.0.1", "ada@example.com"), errs.RateLimited) // to whomever
	check(t, ask("10.0.0.2", "ada@example.com"))
	if n := len(h.Mails.Take()); n != 21 {
		t.Errorf("%d mails, want 21", n)
	}
	h.pass(12 * time.Minute)
	check(t, ask("10.0.0.1", "nobody@example.com"))
	// Whoever asks for mails may sign in all the same.
	_, _, err = h.Login(ctx, account.Login{Addr: "10.0.0.1", Email: "nobody@example.com", Password: "wrong"})
	wantKind(t, err, errs.Unauthenticated)
}

func TestNews(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "ada@example.com")
	h.wantMails(t, account.MailVerify)
	actor, _ := h.enter(t, u)
	check(t, h.ChangePassword(ctx, actor, "N3wPass!word"))
	jobs := h.Mails.Take()
	if _, ok, err := h.Letter(ctx, jobs[0]); ok || err != nil {
		t.Errorf("news go to an address that may be another's: %v", err)
	}
	check(t, h.SetPassword(ctx, account.Operator(), u.ID, "An0therPass!"))
	h.wantMails(t, account.MailPassword)
	must(h.Create(ctx, account.Operator(), account.NewUser{Email: "bob@example.com", FullName: "Bob", Password: "Str0ngPass!42"}))(t)
	h.wantMails(t)
}

func TestSendReset(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "ada@example.com")
	h.Mails.Take()
	actor, _ := h.enter(t, u)
	wantKind(t, h.SendReset(ctx, actor, u.ID), errs.Forbidden)
	wantKind(t, h.SendReset(ctx, account.Operator(), 99), errs.NotFound)
	check(t, h.SendReset(ctx, account.Operator(), u.ID))
	h.wantLog(t, audit.Users, u.ID, "command line changed ada@example.com: reset_link  > ")
	check(t, h.ResetPassword(ctx, account.Reset{Key: h.letter(t).Key, Password: "N3wPass!word"}))
}

func TestInvitationLetter(t *testing.T) {
	h := newHouse(t)
	job := account.MailJob{Kind: account.MailInvite, Email: "Eve@example.com", Language: "de"}
	if _, ok, err := h.Letter(t.Context(), job); ok || err != nil {
		t.Errorf("a letter without an invitation: %v, %v", ok, err)
	}
	i := must(h.Invite(t.Context(), account.Operator(), account.NewInvitation{Email: "eve@example.com"}))(t)
	h.Clock.Set(i.Created.Add(24 * time.Hour))
	l, ok, err := h.Letter(t.Context(), job)
	check(t, err)
	if !ok || len(l.Key) != 40 || l.Lasts.Round(time.Hour) != 6*24*time.Hour {
		t.Errorf("%+v", l)
	}
	l.Key, l.Lasts = "", 0
	equal(t, "letter", l, account.Letter{Kind: account.MailInvite, Language: "de", To: "Eve@example.com"})
}

func TestExpireLinks(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.join(t, "ada@example.com")
	verify := h.letter(t).Key
	h.forgotten(t, "ada@example.com")
	equal(t, "expired", must(h.ExpireLinks(ctx))(t), 0)
	h.pass(2 * time.Hour)
	equal(t, "expired", must(h.ExpireLinks(ctx))(t), 1)
	must(h.Verify(ctx, verify))(t)
}
