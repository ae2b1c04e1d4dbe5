package account_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// An address is seen by its owner, by admins, and by those its owner has
// exchanged messages with.
func TestWhoSeesAddresses(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	var users []account.User
	var actors []account.Actor
	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		u := h.join(t, name+"@example.com")
		actor, _ := h.enter(t, u)
		users, actors = append(users, u), append(actors, actor)
	}
	check(t, h.SetAdmin(ctx, account.Operator(), users[3].ID, true))
	actors[3].User.Admin = true
	must(h.World.Chat.Send(ctx, actors[0], users[1].ID, "Hello"))(t)

	ids := make([]int64, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	for i, want := range []string{"alice bob", "alice bob", "carol", "alice bob carol dave"} {
		seen := func(emails []string) string {
			var names []string
			for _, e := range emails {
				if name, _, ok := strings.Cut(e, "@"); ok {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			return strings.Join(names, " ")
		}
		actor := actors[i]
		list, total, err := h.Users(ctx, actor, account.UserFilter{})
		check(t, err)
		equal(t, "total", total, len(users))
		var listed, one, batch []string
		for _, u := range list {
			listed = append(listed, u.Email)
			one = append(one, must(h.User(ctx, actor, u.ID))(t).Email)
			equal(t, "id by external id", must(h.IDByExternalID(ctx, actor, u.ExternalID))(t), u.ID)
		}
		for _, u := range must(h.UsersByID(ctx, actor, append(ids, 99)))(t) {
			batch = append(batch, u.Email)
		}
		for what, got := range map[string][]string{"list": listed, "one": one, "batch": batch} {
			equal(t, what+" as seen by "+actor.User.Email, seen(got), want)
		}
		check(t, h.EachUser(ctx, actor, account.UserFilter{}, func(u account.User) error {
			equal(t, "streamed e-mail", u.Email, "")
			equal(t, "streamed rights", u.Admin, u.ID == users[3].ID)
			return nil
		}))
	}
}

func TestUsersPages(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	a, b := h.join(t, "a@example.com"), h.join(t, "b@example.com")
	alice, _ := h.enter(t, a)
	list, total, err := h.Users(ctx, alice, account.UserFilter{Except: a.ID, Limit: 5})
	check(t, err)
	if total != 1 || len(list) != 1 || list[0].ID != b.ID {
		t.Errorf("%d users: %v", total, list)
	}
	list, total, err = h.Users(ctx, alice, account.UserFilter{NewestFirst: true, Limit: 1, Offset: 5})
	check(t, err)
	if total != 2 || len(list) != 0 {
		t.Errorf("%d users: %v", total, list)
	}
}

func TestUsersAreForTheKnown(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "a@example.com")
	alice, _ := h.enter(t, u)
	type call func(actor account.Actor) error
	forKnown := map[string]call{
		"Users":          func(a account.Actor) error { _, _, err := h.Users(ctx, a, account.UserFilter{}); return err },
		"CountUsers":     func(a account.Actor) error { return second(h.CountUsers(ctx, a, account.UserFilter{})) },
		"User":           func(a account.Actor) error { return second(h.User(ctx, a, u.ID)) },
		"IDByExternalID": func(a account.Actor) error { return second(h.IDByExternalID(ctx, a, u.ExternalID)) },
		"UsersByID":      func(a account.Actor) error { return second(h.UsersByID(ctx, a, []int64{u.ID})) },
		"EachUser": func(a account.Actor) error {
			return h.EachUser(ctx, a, account.UserFilter{}, func(account.User) error { return nil })
		},
	}
	forAdmins := map[string]call{
		"UserByEmail": func(a account.Actor) error { return second(h.UserByEmail(ctx, a, "A@example.com ")) },
		"SetAdmin":    func(a account.Actor) error { return h.SetAdmin(ctx, a, u.ID, false) },
		"SetActive":   func(a account.Actor) error { return h.SetActive(ctx, a, u.ID, true) },
		"SetPassword": func(a account.Actor) error { return h.SetPassword(ctx, a, u.ID, world.Password) },
	}
	for name, do := range forKnown {
		wantKind(t, do(account.Actor{}), errs.Unauthenticated)
		for _, actor := range []account.Actor{alice, account.Operator()} {
			if err := do(actor); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, do := range forAdmins {
		wantKind(t, do(account.Actor{}), errs.Unauthenticated)
		wantKind(t, do(alice), errs.Forbidden)
		if err := do(account.Operator()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	const absent = 99
	operator := account.Operator()
	for name, err := range map[string]error{
		"User":           second(h.User(ctx, operator, absent)),
		"IDByExternalID": second(h.IDByExternalID(ctx, operator, "user_nobody")),
		"UserByEmail":    second(h.UserByEmail(ctx, operator, "nobody@example.com")),
		"SetAdmin":       h.SetAdmin(ctx, operator, absent, true),
		"SetActive":      h.SetActive(ctx, operator, absent, true),
		"SetPassword":    h.SetPassword(ctx, operator, absent, world.Password),
	} {
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("%s of nobody: %v", name, err)
		}
	}
}

func TestSetAdmin(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "a@example.com")
	check(t, h.SetAdmin(ctx, account.Operator(), u.ID, true))
	u = must(h.Store.UserByID(ctx, u.ID))(t)
	if !u.Admin || !u.Verified {
		t.Errorf("admin %v, verified %v", u.Admin, u.Verified)
	}
	check(t, h.SetAdmin(ctx, account.Operator(), u.ID, false))
	u = must(h.Store.UserByID(ctx, u.ID))(t)
	if u.Admin || !u.Verified {
		t.Errorf("admin %v, verified %v", u.Admin, u.Verified)
	}
}

func TestSetPassword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "a@example.com")
	_, session := must2(h.OpenSession(ctx, u.ID, ""))(t)
	must(h.AuthenticateSession(ctx, session))(t)
	wantFaults(t, h.SetPassword(ctx, account.Operator(), u.ID, "password123"), errs.Invalid, "password common")
	check(t, h.SetPassword(ctx, account.Operator(), u.ID, "An0ther-Passw0rd"))
	_, err := h.AuthenticateSession(ctx, session)
	wantReason(t, err, account.ReasonUnknown)
	must2(h.Login(ctx, account.Login{Email: u.Email, Password: "An0ther-Passw0rd"}))(t)
}

func TestActor(t *testing.T) {
	user := account.User{ID: 1, Active: true}
	admin := account.User{ID: 2, Active: true, Admin: true}
	for name, tt := range map[string]struct {
		actor account.Actor
		admin errs.Kind
		may   bool
	}{
		"anonymous":            {actor: account.Actor{}, admin: errs.Unauthenticated},
		"nobody who claims it": {actor: account.Actor{User: admin}, admin: errs.Unauthenticated},
		"user":                 {actor: account.Actor{User: user, Via: account.ViaSession}, admin: errs.Forbidden},
		"admin":                {actor: account.Actor{User: admin, Via: account.ViaToken}, may: true},
		"operator":             {actor: account.Operator(), may: true},
	} {
		equal(t, name+" is admin", tt.actor.Admin(), tt.may)
		err := tt.actor.RequireAdmin()
		if tt.may != (err == nil) || err != nil && errs.KindOf(err) != tt.admin {
			t.Errorf("%s: %v", name, err)
		}
		if known := tt.actor.RequireKnown() == nil; known != tt.actor.Known() || known == (tt.admin == errs.Unauthenticated) {
			t.Errorf("%s is known: %v", name, known)
		}
	}
}
