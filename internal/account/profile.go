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
	picture, err := s.acceptPicture(ctx, in.Image)
	if err != nil {
		return User{}, err
	}
	var u User
	err = s.change(ctx, func(ctx context.Context) error {
		var err error
		if u, err = s.store.UserByID(ctx, actor.User.ID); err != nil {
			return err
		}
		if in.Email != nil {
			u.setEmail(*in.Email)
		}
		if in.FullName != nil {
			u.FullName = *in.FullName
		}
		if in.Audience != nil {
			u.Audience = *in.Audience
		}
		if err := s.setPicture(ctx, &u, picture, in.ClearImage); err != nil {
			return err
		}
		u.Updated = s.now()
		return s.store.UpdateUser(ctx, u)
	})
	if err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}

// setEmail gives the user another address, which is not verified unless it
// differs in nothing but how it is written.
func (u *User) setEmail(email string) {
	u.Verified = u.Verified && FoldEmail(email) == FoldEmail(u.Email)
	u.Email = email
}

// acceptPicture accepts an upload, if there is one.
func (s *Service) acceptPicture(ctx context.Context, up *file.Upload) (*file.Accepted, error) {
	if up == nil {
		return nil, nil
	}
	picture, err := s.files.AcceptImage(ctx, *up)
	return &picture, err
}

// setPicture gives the user a new picture, if there is one, or else takes his
// away, if it is to go, and lets go of the file of the former.
func (s *Service) setPicture(ctx context.Context, u *User, picture *file.Accepted, remove bool) error {
	if picture == nil && !remove {
		return nil
	}
	if err := s.files.Release(ctx, u.Image); err != nil {
		return err
	}
	u.Image = ""
	if picture == nil {
		return nil
	}
	var err error
	u.Image, err = s.files.Name(ctx, *picture, file.UserImages)
	return err
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
	return s.setPassword(ctx, actor.User.ID, password, actor.session())
}

// ChangeOwnPassword is ChangePassword for an actor who has to know his current
// one, so that a browser that was left alone gives nobody the account; who has
// none, as he signs in elsewhere, gets his first. A wrong one counts as a try to
// sign in that failed. Errors: Unauthenticated; Invalid with the field current or
// password; RateLimited.
func (s *Service) ChangeOwnPassword(ctx context.Context, actor Actor, current, password string) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	u, err := s.store.UserByID(ctx, actor.User.ID)
	if err != nil {
		return err
	}
	actor.User.ExternalID, actor.User.Email = u.ExternalID, u.Email
	if err := s.confirm(ctx, actor, current); err != nil {
		return err
	}
	return s.ChangePassword(ctx, actor, password)
}

// session returns the session by which the actor came, or 0.
func (a Actor) session() int64 {
	if a.Via == ViaSession {
		return a.CredentialID
	}
	return 0
}

func (s *Service) setPassword(ctx context.Context, userID int64, password string, keepSession int64) error {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		return s.setPasswordHash(ctx, userID, hash, keepSession)
	})
}

// setPasswordHash stores a password in its hashed form, ends the user's sessions
// but for one, and tells him.
func (s *Service) setPasswordHash(ctx context.Context, userID int64, hash string, keepSession int64) error {
	if err := s.store.SetPasswordHash(ctx, userID, hash); err != nil {
		return err
	}
	if err := s.store.DeleteSessionsOf(ctx, userID, keepSession); err != nil {
		return err
	}
	return s.tell(ctx, MailPassword, userID, "")
}
