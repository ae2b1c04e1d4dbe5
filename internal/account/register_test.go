package account_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestValidEmail(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, tt := range []struct {
		email string
		want  bool
	}{
		{"a@b.co", true},
		{"First.Last+tag@mail.example.com", true},
		{"o'neil_{}~@example.com", true},
		{"someone@localhost", true},
		{"jürgen@bücher.example", true},
		{"a@xn--bcher-kva.example", true},
		{"a@" + long + ".com", true},
		{strings.Repeat("a", 64) + "@" + long + "." + long + ".example.com", true},

		{"", false},
		{"a", false},
		{"@example.com", false},
		{"a@", false},
		{"a@b", false},
		{"a@b.c", false},
		{"a@b@c.com", false},
		{"a@example..com", false},
		{"a@.example.com", false},
		{"a@example.com.", false},
		{".a@example.com", false},
		{"a..b@example.com", false},
		{"a.@example.com", false},
		{"a b@example.com", false},
		{" a@example.com", false},
		{"a@example.com ", false},
		{"a@exam ple.com", false},
		{"a@-example.com", false},
		{"a@example-.com", false},
		{"a@exa_mple.com", false},
		{"a@" + long + "a.com", false},
		{"Name <a@example.com>", false},
		{"<a@example.com>", false},
		{"a@example.com, b@example.com", false},
		{"a@example.com\n", false},
		{"a\x00@example.com", false},
		{"a\xff@example.com", false},
		{"a(comment)@example.com", false},
		{"a@127.0.0.1", false},
		{"a@[127.0.0.1]", false},
		{strings.Repeat("a", 243) + "@example.com", false},
	} {
		if got := account.ValidEmail(tt.email); got != tt.want {
			t.Errorf("%q is valid: %v, want %v", tt.email, got, tt.want)
		}
	}
}

func TestFoldEmail(t *testing.T) {
	for in, want := range map[string]string{
		" A@Example.COM\n": "a@example.com",
		"STRASSE@x.de":     "strasse@x.de",
		"straße@x.de":      "strasse@x.de",
		"ÄÖ@x.de":          "äö@x.de",
		"":                 "",
	} {
		equal(t, in, account.FoldEmail(in), want)
	}
}

func TestRegister(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	equal(t, "empty", must(h.Empty(ctx))(t), true)
	u := must(h.Register(ctx, account.NewUser{
		Email: " Alice@Example.com ", FullName: "Alice", Image: "https://example.com/a.png", Password: world.Password,
		Verified: true, Role: account.Administrator, // which nobody gives himself
	}))(t)
	equal(t, "empty", must(h.Empty(ctx))(t), false)
	if !regexp.MustCompile(`^user_[0-9A-Za-z]{27}$`).MatchString(u.ExternalID) || len(u.OID) != 24 {
		t.Errorf("ids %q and %q", u.ExternalID, u.OID)
	}
	want := account.User{
		ID: u.ID, OID: u.OID, ExternalID: u.ExternalID, Email: "Alice@Example.com", FullName: "Alice",
		Image: "https://example.com/a.png", Active: true, Joined: u.Joined, Updated: u.Joined,
	}
	equal(t, "user", u, want)
	equal(t, "stored", must(h.Store.UserByID(ctx, u.ID))(t), want)

	for _, tt := range []struct {
		email, name, password string
		kind                  errs.Kind
		want                  string
	}{
		{"alice@EXAMPLE.com", "A", world.Password, errs.Conflict, "email taken"},
		{"", "", "", errs.Invalid, "email required, full_name required, password too_short"},
		{"x", " ", "123", errs.Invalid, "email malformed, full_name required, password too_short, password common, password numeric"},
		{strings.Repeat("a", 255), "A", world.Password, errs.Invalid, "email too_long"},
		{"b@example.com", strings.Repeat("ü", 256), world.Password, errs.Invalid, "full_name too_long"},
		{"b@example.com", "B\x00", world.Password, errs.Invalid, "full_name malformed"},
		{"b@example.com", "B\xff", world.Password, errs.Invalid, "full_name malformed"},
		{"bobbysmith@example.com", "B", "bobbysmith", errs.Invalid, "password similar"},
	} {
		_, err := h.Register(ctx, account.NewUser{Email: tt.email, FullName: tt.name, Password: tt.password})
		wantFaults(t, err, tt.kind, tt.want)
	}
	_, err := h.Register(ctx, account.NewUser{Email: "c@example.com", FullName: strings.Repeat("ü", 255), Password: world.Password})
	check(t, err)
}

func TestCreate(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	somebody, _ := h.enter(t, h.join(t, "somebody@example.com"))
	in := account.NewUser{Email: "new@example.com", FullName: "New", Password: world.Password, Verified: true, Role: account.Administrator}
	_, err := h.Create(ctx, account.Actor{}, in)
	wantKind(t, err, errs.Unauthenticated)
	_, err = h.Create(ctx, somebody, in)
	wantKind(t, err, errs.Forbidden)
	u := must(h.Create(ctx, account.Operator(), in))(t)
	if !u.Admin || !u.Verified {
		t.Errorf("the operator's word counts for nothing: %+v", u)
	}
	admin, _ := h.enter(t, u)
	in.Email, in.Role = "another@example.com", account.Member
	check(t, second(h.Create(ctx, admin, in)))
}
