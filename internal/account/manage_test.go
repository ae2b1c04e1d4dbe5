package account_test

import (
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// promote gives a user a role and returns the actor he is then.
func (h house) promote(t *testing.T, u account.User, r account.Role) account.Actor {
	t.Helper()
	must(h.UpdateUser(t.Context(), account.Operator(), u.ID, account.UserChange{Role: &r}))(t)
	actor, _ := h.enter(t, u)
	return actor
}

func TestUpdateUser(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	admin := h.promote(t, h.join(t, "admin@example.com"), account.Administrator)
	u := h.join(t, "alice@example.com")
	_, key := must2(h.OpenSession(ctx, u.ID, ""))(t)
	must(h.AuthenticateSession(ctx, key))(t)

	got := must(h.UpdateUser(ctx, admin, u.ID, account.UserChange{
		Email: ptr("ann@example.com"), FullName: ptr("Ann"), Role: ptr(account.Editor), Verified: ptr(true),
		Image: ptr(h.picture(t)), Password: ptr("An0ther-Passw0rd"),
	}))(t)
	want := u
	want.Email, want.FullName, want.Staff, want.Verified = "ann@example.com", "Ann", account.Editor, true
	want.Image, want.Updated = got.Image, got.Updated
	equal(t, "changed", got, want)
	equal(t, "stored", must(h.Store.UserByID(ctx, u.ID))(t), want)
	must(h.Files.ByName(ctx, got.Image))(t)
	wantReason(t, second(h.AuthenticateSession(ctx, key)), account.ReasonUnknown)
	must2(h.Login(ctx, account.Login{Email: "ann@example.com", Password: "An0ther-Passw0rd"}))(t)
	h.wantLog(t, audit.Users, u.ID, "admin@example.com changed ann@example.com: email alice@example.com > ann@example.com, "+
		"full_name Somebody > Ann, image  > "+got.Image+", verified false > true, role member > editor, password  > ")

	// What is the same is no change, and what is not named stays.
	must(h.UpdateUser(ctx, admin, u.ID, account.UserChange{Active: ptr(true)}))(t)
	after := must(h.UpdateUser(ctx, admin, u.ID, account.UserChange{ClearImage: true, Email: ptr("Ann@example.com")}))(t)
	equal(t, "picture", after.Image, "")
	equal(t, "verified", after.Verified, true)
	wantKind(t, second(h.Files.ByName(ctx, got.Image)), errs.NotFound)
	h.wantLog(t, audit.Users, u.ID, "admin@example.com changed Ann@example.com: email ann@example.com > Ann@example.com, image "+got.Image+" > ")
	equal(t, "another address is not verified",
		must(h.UpdateUser(ctx, admin, u.ID, account.UserChange{Email: ptr("new@example.com")}))(t).Verified, false)

	before := must(h.Store.UserByID(ctx, u.ID))(t)
	for name, tt := range map[string]struct {
		in   account.UserChange
		kind errs.Kind
		want string
	}{
		"wrong": {
			account.UserChange{Email: ptr("x"), FullName: ptr(""), Role: ptr(account.Administrator + 1), Password: ptr("12345678")},
			errs.Invalid, "email malformed, full_name required, role unknown, password common, password numeric",
		},
		"like the new address": {account.UserChange{Email: ptr("bumblebee@example.com"), Password: ptr("Bumblebee-9")}, errs.Invalid, "password similar"},
		"no picture":           {account.UserChange{Image: ptr(h.upload(t, "not an image"))}, errs.Invalid, "image not_image"},
		"taken":                {account.UserChange{Email: ptr("ADMIN@example.com"), Image: ptr(h.picture(t))}, errs.Conflict, "email taken"},
	} {
		t.Run(name, func(t *testing.T) {
			wantFaults(t, second(h.UpdateUser(ctx, admin, u.ID, tt.in)), tt.kind, tt.want)
			equal(t, "after it", must(h.Store.UserByID(ctx, u.ID))(t), before)
		})
	}
}

// An admin who sets his own password stays signed in where he does it.
func TestUpdateOwnPassword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "admin@example.com")
	h.promote(t, u, account.Administrator)
	_, here := must2(h.OpenSession(ctx, u.ID, ""))(t)
	_, there := must2(h.OpenSession(ctx, u.ID, ""))(t)
	admin := must(h.AuthenticateSession(ctx, here))(t)
	check(t, h.SetPassword(ctx, admin, u.ID, "An0ther-Passw0rd"))
	must(h.AuthenticateSession(ctx, here))(t)
	wantReason(t, second(h.AuthenticateSession(ctx, there)), account.ReasonUnknown)
}

func TestManagingIsForAdmins(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "a@example.com")
	editor := h.promote(t, h.join(t, "editor@example.com"), account.Editor)
	for _, tt := range []struct {
		name string
		do   func(actor account.Actor, id int64) error
	}{
		{"UpdateUser", func(a account.Actor, id int64) error { return second(h.UpdateUser(ctx, a, id, account.UserChange{})) }},
		{"DeleteUser", func(a account.Actor, id int64) error { return h.DeleteUser(ctx, a, id) }},
	} {
		wantKind(t, tt.do(account.Actor{}, u.ID), errs.Unauthenticated)
		wantKind(t, tt.do(editor, u.ID), errs.Forbidden)
		wantKind(t, tt.do(account.Operator(), 99), errs.NotFound)
		if err := tt.do(account.Operator(), u.ID); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestDeleteUser(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	admin := h.promote(t, h.join(t, "admin@example.com"), account.Administrator)
	u := h.join(t, "alice@example.com")
	alice, key := h.enter(t, u)
	picture := must(h.UpdateProfile(ctx, alice, account.Profile{Image: ptr(h.picture(t))}))(t).Image
	m := must(h.World.Chat.Send(ctx, alice, admin.User.ID, "Hello"))(t)

	check(t, h.DeleteUser(ctx, admin, u.ID))
	wantKind(t, second(h.User(ctx, admin, u.ID)), errs.NotFound)
	wantReason(t, second(h.AuthenticateToken(ctx, key)), account.ReasonUnknown)
	wantKind(t, second(h.Files.ByName(ctx, picture)), errs.NotFound)
	wantKind(t, second(h.World.Chat.Message(ctx, admin, m.ID)), errs.NotFound)
	h.wantLog(t, audit.Users, u.ID, "admin@example.com deleted alice@example.com: email alice@example.com > , full_name Somebody > , "+
		"image "+picture+" > , verified false > , active true > , role member > ")

	wantKind(t, h.DeleteUser(ctx, admin, u.ID), errs.NotFound)
	wantKind(t, h.DeleteUser(ctx, admin, admin.User.ID), errs.Conflict)
	must(h.User(ctx, admin, admin.User.ID))(t)
}

// There is always somebody who can sign in and decide about users.
func TestLastAdmin(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	first := h.promote(t, h.join(t, "first@example.com"), account.Administrator)
	id := first.User.ID
	takes := map[string]func() error{
		"role last_admin":   func() error { return h.SetAdmin(ctx, first, id, false) },
		"active last_admin": func() error { return h.SetActive(ctx, first, id, false) },
	}
	refused := func() {
		t.Helper()
		for want, take := range takes {
			wantFaults(t, take(), errs.Conflict, want)
		}
		equal(t, "still admin", must(h.Store.UserByID(ctx, id))(t).Role(), account.Administrator)
	}
	refused()
	wantFaults(t, second(h.UpdateUser(ctx, first, id, account.UserChange{Role: ptr(account.Editor)})), errs.Conflict, "role last_admin")

	// Neither one who is switched off nor an editor stands in.
	second := h.join(t, "second@example.com")
	h.promote(t, h.join(t, "editor@example.com"), account.Editor)
	check(t, h.SetAdmin(ctx, first, second.ID, true))
	check(t, h.SetActive(ctx, first, second.ID, false))
	refused()
	check(t, h.SetActive(ctx, first, second.ID, true))
	check(t, h.SetAdmin(ctx, first, id, false))
	equal(t, "the other leads", must(h.Store.UserByID(ctx, id))(t).Role(), account.Member)
}

// Whoever owns the address of the configuration is an admin, too.
func TestLastAdminBesideTheBoss(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	first := h.promote(t, h.join(t, "first@example.com"), account.Administrator)
	owner := must(h.Create(ctx, account.Operator(), account.NewUser{
		Email: boss, FullName: "Boss", Password: world.Password, Verified: true,
	}))(t)
	equal(t, "role", owner.Role(), account.Administrator)
	check(t, h.SetAdmin(ctx, first, first.User.ID, false))

	leads, _ := h.enter(t, owner)
	for want, in := range map[string]account.UserChange{
		"role last_admin":   {Verified: ptr(false)},
		"active last_admin": {Active: ptr(false)},
	} {
		wantFaults(t, second(h.UpdateUser(ctx, leads, owner.ID, in)), errs.Conflict, want)
	}
	check(t, h.SetActive(ctx, account.Operator(), owner.ID, false)) // he can make another
}

func TestCreateIsRecorded(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	in := account.NewUser{Email: "new@example.com", FullName: "New", Password: world.Password, Role: account.Viewer}
	u := must(h.Create(ctx, account.Operator(), in))(t)
	equal(t, "role", u.Role(), account.Viewer)
	h.wantLog(t, audit.Users, u.ID, "command line added new@example.com: email  > new@example.com, full_name  > New, "+
		"verified  > false, active  > true, role  > viewer")
	h.wantLog(t, audit.Users, h.join(t, "self@example.com").ID, "") // what one does to oneself is not
	in.Email, in.Role = "king@example.com", account.Administrator+1
	wantFaults(t, second(h.Create(ctx, account.Operator(), in)), errs.Invalid, "role unknown")
}

// picture stages an image.
func (h house) picture(t *testing.T) file.Upload {
	t.Helper()
	return h.upload(t, string(world.Fixtures()["cover.png"]))
}

// upload stages a file.
func (h house) upload(t *testing.T, content string) file.Upload {
	t.Helper()
	return h.Upload(t, strings.NewReader(content), "me.png")
}
