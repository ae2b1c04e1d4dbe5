package transfer

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
)

// giveWay makes room for the source's users if the target's only account is that
// of its first admin, whom the server made: if the source knows his address they
// become one, with the source's number and data and the admin's right; if only
// his number is taken he gets another, above all.
func (r *run) giveWay(ctx, inTx context.Context, t Target) error {
	admin, last, err := onlyAdmin(inTx, t)
	if err != nil {
		return err
	}
	if admin == nil {
		r.next[Users] = last + 1
		return nil
	}
	var twin *User
	taken, greatest := false, max(last, admin.ID)
	tidy := &tidier{tell: func(Problem) {}} // told when the users are loaded
	err = r.src.Each(ctx, Users, func(of any) error {
		record, _ := clone(of)
		u := record.(*User)
		if !tidy.tidy(u) {
			return nil
		}
		greatest = max(greatest, u.ID)
		taken = taken || u.ID == admin.ID
		if twin == nil && u.Email != "" && account.FoldEmail(u.Email) == account.FoldEmail(admin.Email) {
			twin = u
		}
		return nil
	}, func(Problem) {})
	if err != nil {
		return err
	}
	switch {
	case twin != nil:
		err = r.become(ctx, inTx, t, admin, twin)
	case taken:
		greatest++
		r.found.problem(Users, Problem{Place: Place{File: "target", Offset: -1}, Rule: RuleFirstAdmin,
			What: admin.Email + " had a number that the source gives to somebody else, and has got another"})
		err = t.Renumber(inTx, admin.ID, greatest)
	}
	r.next[Users] = greatest + 1
	return err
}

// become makes the first admin and a user of the source one.
func (r *run) become(ctx, inTx context.Context, t Target, admin, twin *User) error {
	number := twin.ID
	if number == 0 {
		number = admin.ID
	}
	if number != admin.ID {
		if err := t.Renumber(inTx, admin.ID, number); err != nil {
			return err
		}
	}
	one := *twin
	one.ID, one.Role, one.Active = number, account.Administrator, true
	if one.Password == "" {
		one.Password = admin.Password
	}
	if err := r.media.rewrite(ctx, &one); err != nil {
		return err
	}
	r.found.problem(Users, Problem{Place: twin.Place, Rule: RuleFirstAdmin,
		What: twin.Email + " is the first admin here too: the account has the source's number and data, and the admin's right"})
	return t.Replace(inTx, &one)
}

// onlyAdmin returns the target's only account, if that is an admin's, and the
// greatest number that an account has or had.
func onlyAdmin(ctx context.Context, t Target) (admin *User, last int64, err error) {
	count, last, err := t.Begin(ctx, Users)
	if err != nil || count != 1 {
		return nil, last, err
	}
	err = t.Each(ctx, Users, func(record any) error {
		if u := record.(*User); u.Role == account.Administrator {
			admin = u
		}
		return nil
	})
	return admin, last, err
}
