package account

import (
	"context"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

// UserChange is an admin's change of an account; a nil field stays as it is.
type UserChange struct {
	Email      *string // not verified any more if it is another and Verified is nil
	FullName   *string
	Active     *bool
	Role       *Role // an admin's address counts as verified, unless Verified says otherwise
	Verified   *bool
	Image      *file.Upload // a new picture
	ClearImage bool         // no picture any more
	Password   *string      // ends the user's sessions, but for the actor's own
}

// UpdateUser changes any account on an admin's word and returns it as it is
// then. Errors: Unauthenticated, Forbidden, NotFound; Invalid with the fields
// email, full_name, role, password, image; Conflict with email, or with role or
// active if no active admin would be left.
func (s *Service) UpdateUser(ctx context.Context, actor Actor, id int64, in UserChange) (User, error) {
	if err := actor.RequireAdmin(); err != nil {
		return User{}, err
	}
	u, err := s.store.UserByID(ctx, id)
	if err != nil {
		return User{}, err
	}
	if err := errs.InvalidFields(s.checkChange(u, in)...); err != nil {
		return User{}, err
	}
	e := edit{apply: in.apply, clearImage: in.ClearImage}
	if in.Password != nil {
		if e.hash, err = s.hasher.Hash(ctx, *in.Password); err != nil {
			return User{}, err
		}
	}
	if e.picture, err = s.acceptPicture(ctx, in.Image); err != nil {
		return User{}, err
	}
	return s.edit(ctx, actor, id, e)
}

func (s *Service) checkChange(u User, in UserChange) []errs.Field {
	var wrong []errs.Field
	email := u.Email
	if in.Email != nil {
		email = *in.Email
		wrong = append(wrong, checkEmail(email)...)
	}
	if in.FullName != nil {
		wrong = append(wrong, checkFullName(*in.FullName)...)
	}
	if in.Role != nil {
		wrong = append(wrong, checkRole(*in.Role)...)
	}
	if in.Password != nil {
		wrong = append(wrong, s.CheckPassword(*in.Password, email)...)
	}
	return wrong
}

func checkRole(r Role) []errs.Field {
	if r > Administrator {
		return []errs.Field{{Name: "role", Code: errs.Unknown}}
	}
	return nil
}

func (in UserChange) apply(u *User) {
	if in.Email != nil {
		u.setEmail(*in.Email)
	}
	if in.FullName != nil {
		u.FullName = *in.FullName
	}
	if in.Active != nil {
		u.Active = *in.Active
	}
	if in.Role != nil {
		u.setRole(*in.Role)
		// Who is made an admin by somebody entitled to it is who he says.
		u.Verified = u.Verified || u.Admin
	}
	if in.Verified != nil {
		u.Verified = *in.Verified
	}
}

// SetAdmin gives the admin right, or takes it and leaves no other role. Errors
// as UpdateUser.
func (s *Service) SetAdmin(ctx context.Context, actor Actor, id int64, admin bool) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	_, err := s.edit(ctx, actor, id, edit{apply: func(u *User) {
		if u.Admin && !admin {
			u.setRole(Member)
		}
		if admin {
			UserChange{Role: new(Administrator)}.apply(u)
		}
	}})
	return err
}

// SetActive lets a user sign in, or shuts him out at once. Errors as
// UpdateUser.
func (s *Service) SetActive(ctx context.Context, actor Actor, id int64, active bool) error {
	_, err := s.UpdateUser(ctx, actor, id, UserChange{Active: &active})
	return err
}

// SetPassword sets another user's password and ends his sessions. Errors as
// UpdateUser.
func (s *Service) SetPassword(ctx context.Context, actor Actor, id int64, password string) error {
	_, err := s.UpdateUser(ctx, actor, id, UserChange{Password: &password})
	return err
}

// DeleteUser removes an account with its picture, tokens, sessions and all
// messages from and to it. Errors: Unauthenticated, Forbidden, NotFound;
// Conflict for the actor himself.
func (s *Service) DeleteUser(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	if id == actor.User.ID {
		return errs.New(errs.Conflict, "Nobody deletes the account by which he is signed in.")
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockCatalog(ctx); err != nil {
			return err
		}
		if err := s.store.LockAccounts(ctx); err != nil {
			return err
		}
		u, err := s.store.UserByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.keepAnAdmin(ctx, actor, u, User{}); err != nil {
			return err
		}
		if err := s.files.Release(ctx, u.Image); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, actor.Entry(audit.Users, id, u.Email, u.values(), nil)); err != nil {
			return err
		}
		return s.store.DeleteUser(ctx, id)
	})
	s.counted()
	return err
}

// edit is what an admin does to an account.
type edit struct {
	apply      func(*User)
	picture    *file.Accepted // a new one
	clearImage bool
	hash       string // of a new password
}

// edit changes an account and records it.
func (s *Service) edit(ctx context.Context, actor Actor, id int64, e edit) (User, error) {
	var u User
	err := s.change(ctx, func(ctx context.Context) error {
		before, err := s.store.UserByID(ctx, id)
		if err != nil {
			return err
		}
		u = before
		e.apply(&u)
		if err := s.keepAnAdmin(ctx, actor, before, u); err != nil {
			return err
		}
		if err := s.setPicture(ctx, &u, e.picture, e.clearImage); err != nil {
			return err
		}
		u.Updated = s.now()
		if err := s.store.UpdateUser(ctx, u); err != nil {
			return err
		}
		entry := actor.Entry(audit.Users, id, u.Email, before.values(), u.values())
		if e.hash != "" {
			keep := int64(0)
			if id == actor.User.ID {
				keep = actor.session()
			}
			if err := s.setPasswordHash(ctx, id, e.hash, keep); err != nil {
				return err
			}
			entry.Changes = append(entry.Changes, audit.Change{Field: "password"})
		}
		return s.audit.Record(ctx, entry)
	})
	if err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}

// keepAnAdmin refuses a change of a user after which there would be no active
// admin. The operator may do even that: he can make another.
func (s *Service) keepAnAdmin(ctx context.Context, actor Actor, before, after User) error {
	leads := func(u User) bool { return u.Active && s.withRights(u).Admin }
	if !leads(before) || leads(after) || actor.Via == ViaOperator {
		return nil
	}
	other, err := s.store.OtherAdmin(ctx, before.ID)
	if err != nil || other {
		return err
	}
	if s.adminEmail != "" {
		u, err := s.store.UserByEmail(ctx, s.adminEmail)
		switch {
		case err == nil && u.ID != before.ID && leads(u):
			return nil
		case err != nil && !errs.Is(err, errs.NotFound):
			return err
		}
	}
	field := "role"
	if !after.Active {
		field = "active"
	}
	return &errs.Error{Kind: errs.Conflict, Fields: []errs.Field{{Name: field, Code: errs.LastAdmin}}}
}

// values are what the log tells of a user.
func (u User) values() []audit.Value {
	return []audit.Value{
		{Field: "email", Text: u.Email},
		{Field: "full_name", Text: u.FullName},
		{Field: "image", Text: u.Image},
		{Field: "verified", Text: strconv.FormatBool(u.Verified)},
		{Field: "active", Text: strconv.FormatBool(u.Active)},
		{Field: "role", Text: u.Role().String()},
	}
}
