package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestUser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		u := user(1)
		u.Verified, u.Admin, u.Image, u.Audience, u.Staff = true, true, "https://example.com/1.png", account.Nobody, account.Viewer
		u = must(s.InsertUser(ctx, u, "hash one"))(t)

		equal(t, "by id", must(s.UserByID(ctx, u.ID))(t), u)
		equal(t, "by external id", must(s.UserByExternalID(ctx, u.ExternalID))(t), u)
		equal(t, "by e-mail", must(s.UserByEmail(ctx, "user1@example.com"))(t), u)
		equal(t, "password", must(s.PasswordHash(ctx, u.ID))(t), "hash one")

		u.Email, u.Verified, u.FullName, u.Image, u.Active, u.Admin, u.Updated = "ÜSER@example.com", false, "Ü", "", false, false, at(9)
		u.Audience, u.Staff = account.Acquaintances, account.Editor
		check(t, s.UpdateUser(ctx, u))
		check(t, s.SetPasswordHash(ctx, u.ID, "hash two"))
		u.LastLogin = at(10)
		check(t, s.SetLastLogin(ctx, u.ID, u.LastLogin))
		equal(t, "after changes", must(s.UserByID(ctx, u.ID))(t), u)
		equal(t, "by folded e-mail", must(s.UserByEmail(ctx, "üser@example.com"))(t), u)
		equal(t, "new password", must(s.PasswordHash(ctx, u.ID))(t), "hash two")
		check(t, s.UpgradePasswordHash(ctx, u.ID, "hash one", "hash three"))
		equal(t, "password that changed meanwhile", must(s.PasswordHash(ctx, u.ID))(t), "hash two")
		check(t, s.UpgradePasswordHash(ctx, u.ID, "hash two", "hash three"))
		equal(t, "upgraded password", must(s.PasswordHash(ctx, u.ID))(t), "hash three")
	})
}

func TestUserErrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		one, two := addUser(t, s, 1), addUser(t, s, 2)
		const absent = 99

		_, err := s.UserByID(ctx, absent)
		wantKind(t, err, errs.NotFound)
		_, err = s.UserByExternalID(ctx, "user_nobody")
		wantKind(t, err, errs.NotFound)
		_, err = s.UserByEmail(ctx, "User1@example.com") // not folded
		wantKind(t, err, errs.NotFound)
		_, err = s.PasswordHash(ctx, absent)
		wantKind(t, err, errs.NotFound)
		wantKind(t, s.SetPasswordHash(ctx, absent, "x"), errs.NotFound)
		wantKind(t, s.SetLastLogin(ctx, absent, noon), errs.NotFound)
		ghost := user(3)
		ghost.ID = absent
		wantKind(t, s.UpdateUser(ctx, ghost), errs.NotFound)

		again := user(4)
		again.Email = "uSER1@EXAMPLE.com"
		_, err = s.InsertUser(ctx, again, "")
		wantField(t, err, errs.Conflict, "email", errs.Taken)
		two.Email = "USER1@example.com"
		wantField(t, s.UpdateUser(ctx, two), errs.Conflict, "email", errs.Taken)
		again = user(5)
		again.ExternalID = one.ExternalID
		_, err = s.InsertUser(ctx, again, "")
		wantField(t, err, errs.Conflict, "external_id", errs.Taken)

		for _, text := range []string{"null\x00", "not \xff UTF-8"} {
			_, err = s.UserByEmail(ctx, text)
			wantKind(t, err, errs.Invalid)
			one.FullName = text
			wantKind(t, s.UpdateUser(ctx, one), errs.Invalid)
		}
	})
}

// A user goes with all that is his, and with nothing of another's.
func TestDeleteUser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b, c := addUser(t, s, 1), addUser(t, s, 2), addUser(t, s, 3)
		var tokens, sessions []int64
		for i, u := range []account.User{a, b} {
			hash := string(rune('x' + i))
			tokens = append(tokens, must(s.InsertToken(ctx, account.Token{UserID: u.ID, Created: noon}, hash))(t).ID)
			sessions = append(sessions, must(s.InsertSession(ctx, account.Session{UserID: u.ID, Created: noon, Expires: at(1)}, hash))(t).ID)
		}
		gone, kept := addMessage(t, s, 1, a.ID, b.ID), addMessage(t, s, 2, b.ID, c.ID)

		check(t, s.DeleteUser(ctx, a.ID))
		for _, err := range []error{
			second(s.UserByID(ctx, a.ID)), second(s.TokenByID(ctx, tokens[0])), second(s.SessionByID(ctx, sessions[0])),
			second(s.MessageByID(ctx, gone.ID)), s.DeleteUser(ctx, a.ID),
		} {
			wantKind(t, err, errs.NotFound)
		}
		for _, err := range []error{
			second(s.UserByID(ctx, b.ID)), second(s.TokenByID(ctx, tokens[1])), second(s.SessionByID(ctx, sessions[1])),
			second(s.MessageByID(ctx, kept.ID)),
		} {
			check(t, err)
		}
		equal(t, "users", must(s.CountUsers(ctx))(t), 2)
		checkCounts(t, s)
	})
}

func TestOtherAdmin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		want := func(except int64, want bool) {
			t.Helper()
			equal(t, "another admin", must(s.OtherAdmin(ctx, except))(t), want)
		}
		addUser(t, s, 1)
		want(0, false)
		boss := user(2)
		boss.Admin = true
		boss = must(s.InsertUser(ctx, boss, ""))(t)
		want(0, true)
		want(boss.ID, false)
		boss.Active = false
		check(t, s.UpdateUser(ctx, boss))
		want(0, false)
	})
}

func TestUsers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		// Joined in another order than created, two of them at once.
		var byID []int64
		for _, n := range []int{3, 1, 1, 2} {
			u := user(len(byID))
			u.Joined = at(n)
			byID = append(byID, must(s.InsertUser(ctx, u, ""))(t).ID)
		}
		newest := []int64{byID[0], byID[3], byID[2], byID[1]}

		for _, except := range []int64{0, byID[0], byID[2], 99} {
			without := func(list []int64) []int64 {
				return slices.DeleteFunc(slices.Clone(list), func(id int64) bool { return id == except })
			}
			eachPage(len(byID), func(limit, offset int) {
				f := account.UserFilter{Except: except, Limit: limit, Offset: offset}
				equalLists(t, "users", keys(must(s.Users(ctx, f))(t), userID), slice(without(byID), limit, offset))

				var streamed []int64
				check(t, s.EachUser(ctx, f, func(u account.User) error {
					streamed = append(streamed, u.ID)
					return nil
				}))
				equalLists(t, "each user", streamed, slice(without(byID), limit, offset))

				f.NewestFirst = true
				equalLists(t, "newest users", keys(must(s.Users(ctx, f))(t), userID), slice(without(newest), limit, offset))
			})
		}
		equal(t, "count", must(s.CountUsers(ctx))(t), len(byID))

		found := must(s.UsersByID(ctx, []int64{byID[1], 99, byID[3], byID[1]}))(t)
		equal(t, "users by id", len(found), 2)
		equal(t, "user by id", found[byID[3]].ID, byID[3])
		equal(t, "users by no id", len(must(s.UsersByID(ctx, nil))(t)), 0)
	})
}

// A long list comes in several parts, and more ids than one statement takes
// are asked for in several.
func TestManyUsers(t *testing.T) {
	const n = 2*store.PageRows + 200
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var all []int64
		inOneTx(t, s, n, func(ctx context.Context, i int) error {
			u, err := s.InsertUser(ctx, user(i), "")
			all = append(all, u.ID)
			return err
		})
		for _, page := range []struct{ limit, offset int }{
			{0, 0}, {0, 7}, {0, n - 1}, {0, n + 1}, {store.PageRows, 0}, {store.PageRows + 1, 0}, {n - 1, 3}, {n + 5, 0}, {5, 700},
		} {
			var got []int64
			f := account.UserFilter{Limit: page.limit, Offset: page.offset}
			check(t, s.EachUser(ctx, f, func(u account.User) error {
				got = append(got, u.ID)
				return nil
			}))
			equalLists(t, "each user", got, slice(all, page.limit, page.offset))
		}

		enough := errors.New("enough")
		calls := 0
		err := s.EachUser(ctx, account.UserFilter{}, func(account.User) error {
			calls++
			return enough
		})
		if !errors.Is(err, enough) || calls != 1 {
			t.Errorf("stopped with %v after %d users, want after one", err, calls)
		}

		found := must(s.UsersByID(ctx, append(slices.Clone(all), -1)))(t)
		if n <= store.MaxIn || len(found) != n {
			t.Errorf("%d users of %d", len(found), n)
		}
	})
}

func TestAcquainted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var u [5]int64
		for i := range u {
			u[i] = addUser(t, s, i).ID
		}
		addMessage(t, s, 1, u[0], u[1])
		addMessage(t, s, 2, u[2], u[0])
		addMessage(t, s, 3, u[3], u[1])
		gone := addMessage(t, s, 4, u[0], u[4])
		check(t, s.DeleteMessage(t.Context(), gone.ID))

		known := must(s.Acquainted(t.Context(), u[0], u[:]))(t)
		for i, want := range []bool{false, true, true, false, false} {
			equal(t, "acquainted", known[u[i]], want)
		}
		equal(t, "acquainted with nobody asked about", len(must(s.Acquainted(t.Context(), u[0], nil))(t)), 0)
	})
}

func TestAcquaintancesOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var u [5]int64
		for i := range u {
			u[i] = addUser(t, s, i).ID
		}
		addMessage(t, s, 1, u[1], u[0])
		addMessage(t, s, 2, u[1], u[2])
		addMessage(t, s, 3, u[2], u[1])
		addMessage(t, s, 4, u[3], u[3])
		gone := addMessage(t, s, 5, u[1], u[4])
		check(t, s.DeleteMessage(t.Context(), gone.ID))

		known := must(s.AcquaintancesOf(t.Context(), u[1:]))(t)
		for i, want := range [][]int64{1: {u[0], u[2]}, 2: {u[1]}, 3: {u[3]}, 4: nil} {
			slices.Sort(known[u[i]])
			equalLists(t, "acquaintances", known[u[i]], want)
		}
		equal(t, "of nobody", len(must(s.AcquaintancesOf(t.Context(), nil))(t)), 0)
	})
}
