package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

// Profile is a change of one's own account; a nil field stays as it is.
type Profile struct {
	Email      *string
	FullName   *string
	Image      *file.Upload // a new picture
	ClearImage bool         // no picture any more
	Audience   *Audience    // presence.Service.SetAudience also tells those who are online
}

// UpdateProfile changes the actor's own account and returns it as it is
// then. A new e-mail is not verified until its owner proves it, so that
// taking an admin's address gives nobody his rights. Errors: Unauthenticated;
// Invalid with the fields email, full_name, image, audience; Conflict with
// email.
func (s *Service) UpdateProfile(ctx context.Context, actor Actor, in Profile) (User, error) {
	if err := actor.RequireKnown(); err != nil {
		return User{}, err
	}
	var wrong []errs.Field
	if in.Email != nil {
		wrong = append(wrong, checkEmail(*in.Email)...)
	}
	if in.FullName != nil {
		wrong = append(wrong, checkFullName(*in.FullName)...)
	}
	if in.Audience != nil && *in.Audience > Nobody {
		wrong = append(wrong, errs.Field{Name: "audience", Code: errs.Unknown})
	}
	if err := errs.InvalidFields(wrong...); err != nil {
		return User{}, err
	}
	var picture file.Accepted
	if in.Image != nil {
		var err error
		if picture, err = s.files.AcceptImage(ctx, *in.Image); err != nil {
			return User{}, err
		}
	}
	var u User
	err := s.change(ctx, func(ctx context.Context) error {
		var err error
		if u, err = s.store.UserByID(ctx, actor.User.ID); err != nil {
			return err
		}
		before := u.Image
		if in.Email != nil && *in.Email != u.Email {
			u.Verified = u.Verified && FoldEmail(*in.Email) == FoldEmail(u.Email)
			u.Email = *in.Email
		}
		if in.FullName != nil {
			u.FullName = *in.FullName
		}
		if in.Audience != nil {
			u.Audience = *in.Audience
		}
		if in.ClearImage {
			u.Image = ""
		}
		if in.Image != nil {
			if u.Image, err = s.files.Name(ctx, picture, file.UserImages); err != nil {
				return err
			}
		}
		if u.Image != before {
			if err := s.files.Release(ctx, before); err != nil {
				return err
			}
		}
		u.Updated = s.now()
		return s.store.UpdateUser(ctx, u)
	})
	if err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}

// ChangePassword sets the actor's own password and ends his other sessions;
// tokens stay valid, as clients of the reference expect. Errors:
// Unauthenticated; Invalid with the field password.
func (s *Service) ChangePassword(ctx context.Context, actor Actor, password string) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	if err := errs.InvalidFields(s.CheckPassword(password, actor.User.Email)...); err != nil {
		return err
	}
	keep := int64(0)
	if actor.Via == ViaSession {
		keep = actor.CredentialID
	}
	return s.setPassword(ctx, actor.User.ID, password, keep)
}

func (s *Service) setPassword(ctx context.Context, userID int64, password string, keepSession int64) error {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		if err := s.store.SetPasswordHash(ctx, userID, hash); err != nil {
			return err
		}
		return s.store.DeleteSessionsOf(ctx, userID, keepSession)
	})
}
