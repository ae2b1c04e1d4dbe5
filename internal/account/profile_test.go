package account_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// Whose address is the boss's is an admin once it is known to be his, and no
// longer than that.
func TestAdminByAddress(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	claims := must(h.Register(ctx, account.NewUser{Email: strings.ToUpper(boss), FullName: "Claims", Password: world.Password}))(t)
	equal(t, "admin by claim", claims.Admin, false)

	// Verified by whoever can tell.
	stored := must(h.Store.UserByID(ctx, claims.ID))(t)
	stored.Verified = true
	check(t, h.Store.UpdateUser(ctx, stored))
	actor, key := h.enter(t, claims)
	equal(t, "admin by proof", actor.Admin(), true)
	equal(t, "admin in the eyes of others", must(h.User(ctx, account.Operator(), claims.ID))(t).Admin, true)
	equal(t, "admin by right", must(h.Store.UserByID(ctx, claims.ID))(t).Admin, false)

	// Another spelling is the same address; another address is not.
	u := must(h.UpdateProfile(ctx, actor, account.Profile{Email: ptr(strings.ToLower(boss))}))(t)
	equal(t, "verified", u.Verified, true)
	equal(t, "admin", u.Admin, true)
	u = must(h.UpdateProfile(ctx, actor, account.Profile{Email: ptr("other@example.com")}))(t)
	equal(t, "verified", u.Verified, false)
	equal(t, "admin", u.Admin, false)
	equal(t, "admin at the next request", must(h.AuthenticateToken(ctx, key))(t).Admin(), false)
	u = must(h.UpdateProfile(ctx, actor, account.Profile{Email: ptr(boss)}))(t)
	equal(t, "admin by taking the address", u.Admin, false)
}

func TestUpdateProfile(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	h.join(t, "bob@example.com")
	alice, key := h.enter(t, u)
	update := func(in account.Profile) (account.User, error) { return h.UpdateProfile(ctx, alice, in) }
	picture := func(name string) *file.Upload {
		up := h.Upload(t, bytes.NewReader(world.Fixtures()[name]), "me.png")
		return &up
	}

	got := must(update(account.Profile{FullName: ptr("Alice B."), Image: picture("cover.png")}))(t)
	u.FullName, u.Image, u.Updated = "Alice B.", got.Image, got.Updated
	equal(t, "changed", got, u)
	equal(t, "stored", must(h.Store.UserByID(ctx, u.ID))(t), u)
	equal(t, "at the next request", must(h.AuthenticateToken(ctx, key))(t).User, u)
	if !got.Updated.After(u.Joined) {
		t.Error("the time of the change did not move")
	}
	first := u.Image
	if _, err := h.Files.ByName(ctx, first); err != nil || !strings.HasPrefix(first, "user_images/me") {
		t.Errorf("picture %q: %v", first, err)
	}

	// A new picture takes the place of the old one, whose name is given up.
	got = must(update(account.Profile{Image: picture("img.jpg")}))(t)
	if got.Image == first {
		t.Error("the name is the old one's")
	}
	_, err := h.Files.ByName(ctx, first)
	wantKind(t, err, errs.NotFound)

	for _, tt := range []struct {
		in   account.Profile
		kind errs.Kind
		want string
	}{
		{account.Profile{Email: ptr(""), FullName: ptr("")}, errs.Invalid, "email required, full_name required"},
		{account.Profile{Email: ptr("BOB@example.com")}, errs.Conflict, "email taken"},
		{account.Profile{Image: picture("trunc.png")}, errs.Invalid, "image not_image"},
		{account.Profile{Image: &file.Upload{}}, errs.Invalid, "image required"},
		{account.Profile{Audience: ptr(account.Nobody + 1)}, errs.Invalid, "audience unknown"},
	} {
		_, err := update(tt.in)
		wantFaults(t, err, tt.kind, tt.want)
	}
	equal(t, "after errors", must(h.Store.UserByID(ctx, u.ID))(t), got)

	got = must(update(account.Profile{Audience: ptr(account.Nobody)}))(t)
	equal(t, "audience", got.Audience, account.Nobody)
	equal(t, "audience at the next request", must(h.AuthenticateToken(ctx, key))(t).User, got)

	second := got.Image
	got = must(update(account.Profile{ClearImage: true}))(t)
	equal(t, "image", got.Image, "")
	_, err = h.Files.ByName(ctx, second)
	wantKind(t, err, errs.NotFound)

	_, err = h.UpdateProfile(ctx, account.Actor{}, account.Profile{})
	wantKind(t, err, errs.Unauthenticated)
	_, err = h.UpdateProfile(ctx, account.Operator(), account.Profile{})
	wantKind(t, err, errs.NotFound)
}

// A name that the e-mail's clash keeps from being used is not used up.
func TestFailedProfileLeavesNoName(t *testing.T) {
	h := newHouse(t)
	alice, _ := h.enter(t, h.join(t, "alice@example.com"))
	h.join(t, "bob@example.com")
	up := h.Upload(t, bytes.NewReader(world.Fixtures()["cover.png"]), "me.png")
	_, err := h.UpdateProfile(t.Context(), alice, account.Profile{Email: ptr("bob@example.com"), Image: &up})
	wantFaults(t, err, errs.Conflict, "email taken")
	_, err = h.Files.ByName(t.Context(), "user_images/me.png")
	wantKind(t, err, errs.NotFound)
	u := must(h.UpdateProfile(t.Context(), alice, account.Profile{Image: &up}))(t)
	equal(t, "image", u.Image, "user_images/me.png")
}

func TestChangePassword(t *testing.T) {
	const fresh = "An0ther-Passw0rd"
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	byToken, token := h.enter(t, u)
	_, here := must2(h.OpenSession(ctx, u.ID, "here"))(t)
	_, there := must2(h.OpenSession(ctx, u.ID, "there"))(t)
	bySession := must(h.AuthenticateSession(ctx, here))(t)
	must(h.AuthenticateSession(ctx, there))(t)

	wantFaults(t, h.ChangePassword(ctx, bySession, "123"), errs.Invalid, "password too_short, password common, password numeric")
	wantKind(t, h.ChangePassword(ctx, account.Actor{}, fresh), errs.Unauthenticated)
	check(t, h.ChangePassword(ctx, bySession, fresh))

	must(h.AuthenticateSession(ctx, here))(t)
	_, err := h.AuthenticateSession(ctx, there)
	wantKind(t, err, errs.Unauthenticated)
	must(h.AuthenticateToken(ctx, token))(t)
	_, _, err = h.Login(ctx, account.Login{Email: u.Email, Password: world.Password})
	wantKind(t, err, errs.Unauthenticated)
	_, _, err = h.Login(ctx, account.Login{Email: u.Email, Password: fresh})
	check(t, err)

	check(t, h.ChangePassword(ctx, byToken, world.Password))
	_, err = h.AuthenticateSession(ctx, here)
	wantKind(t, err, errs.Unauthenticated)
}

func TestChangeOwnPassword(t *testing.T) {
	const fresh = "An0ther-Passw0rd"
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	_, key := must2(h.OpenSession(ctx, u.ID, "here"))(t)
	alice := must(h.AuthenticateSession(ctx, key))(t)

	wantKind(t, h.ChangeOwnPassword(ctx, account.Actor{}, world.Password, fresh), errs.Unauthenticated)
	wantKind(t, h.ChangeOwnPassword(ctx, account.Operator(), world.Password, fresh), errs.NotFound)
	wantFaults(t, h.ChangeOwnPassword(ctx, alice, "", fresh), errs.Invalid, "current wrong")
	wantFaults(t, h.ChangeOwnPassword(ctx, alice, "wrong", "123"), errs.Invalid, "current wrong")
	wantFaults(t, h.ChangeOwnPassword(ctx, alice, world.Password, "Alice-77"), errs.Invalid, "password similar")
	check(t, h.ChangeOwnPassword(ctx, alice, world.Password, fresh))
	must(h.AuthenticateSession(ctx, key))(t)
	must2(h.Login(ctx, account.Login{Email: u.Email, Password: fresh}))(t)

	// Guessing gets nobody further here than where one signs in.
	for range 30 {
		wantFaults(t, h.ChangeOwnPassword(ctx, alice, world.Password, fresh), errs.Invalid, "current wrong")
	}
	wantKind(t, h.ChangeOwnPassword(ctx, alice, fresh, fresh), errs.RateLimited)
	_, _, err := h.Login(ctx, account.Login{Email: u.Email, Password: fresh})
	wantKind(t, err, errs.RateLimited)
}
