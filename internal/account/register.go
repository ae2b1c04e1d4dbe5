package account

import (
	"context"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// externalAlphabet and externalChars give the ids of local users the shape of
// Clerk's: "user_" and 27 letters and digits.
const (
	externalAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	externalChars    = 27
)

func newExternalID() string { return "user_" + randomString(externalChars, externalAlphabet) }

// NewUser is what somebody gives to get an account.
type NewUser struct {
	Email    string
	FullName string
	Image    string // an absolute URL or ""
	Password string
	Verified bool   // by an admin's word only
	Role     Role   // by an admin's word only
	Language string // of the mail that he gets, as in MailJob
	// Invitation is the key of the link that invited him, which proves that the
	// address is his; "" for none.
	Invitation string
}

// Register makes an account for whoever asks, and has him prove that the address
// is his. Errors: Invalid with the fields email, full_name, password, invitation;
// Conflict with the field email; *Refusal if the server's Policy does not let him.
func (s *Service) Register(ctx context.Context, in NewUser) (User, error) {
	in.Verified, in.Role = in.Invitation != "", Member
	if in.Invitation == "" && s.policy.Registration != Open {
		// Who is not let in whatever he says does not make us hash his password.
		if _, err := s.mayJoin(ctx, joining{email: in.Email}); err != nil {
			return User{}, err
		}
	}
	var i Invitation
	return s.create(ctx, in, creation{
		admitted: func(ctx context.Context, u *User) (err error) {
			if in.Invitation != "" {
				if err := s.openInvitation(ctx, in.Invitation, u.Email); err != nil {
					return err
				}
			}
			i, err = s.mayJoin(ctx, joining{email: u.Email, proved: u.Verified})
			u.setRole(i.Role)
			return err
		},
		made: func(ctx context.Context, u User) error {
			if err := s.accept(ctx, i); err != nil || u.Verified {
				return err
			}
			return s.tell(ctx, MailVerify, u.ID, in.Language)
		},
	})
}

// Create makes an account on an admin's word, who may also give it a role and
// vouch for its address. Errors: those of Register, Unauthenticated, Forbidden;
// Invalid with the field role.
func (s *Service) Create(ctx context.Context, actor Actor, in NewUser) (User, error) {
	if err := actor.RequireAdmin(); err != nil {
		return User{}, err
	}
	return s.create(ctx, in, creation{
		admitted: func(context.Context, *User) error { return nil },
		made: func(ctx context.Context, u User) error {
			return s.audit.Record(ctx, actor.Entry(audit.Users, u.ID, u.Email, nil, u.values()))
		},
	})
}

// creation is what belongs into the transaction that makes an account: before it
// is stored, and after.
type creation struct {
	admitted func(context.Context, *User) error
	made     func(context.Context, User) error
}

// create makes an account.
func (s *Service) create(ctx context.Context, in NewUser, c creation) (User, error) {
	in.Email = strings.TrimSpace(in.Email)
	wrong := append(checkEmail(in.Email), checkFullName(in.FullName)...)
	wrong = append(wrong, s.CheckPassword(in.Password, in.Email)...)
	wrong = append(wrong, checkRole(in.Role)...)
	if err := errs.InvalidFields(wrong...); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	now := s.now()
	u := User{
		OID: s.ids.New(), ExternalID: newExternalID(),
		Email: in.Email, Verified: in.Verified, FullName: in.FullName, Image: in.Image,
		Active: true, Joined: now, Updated: now,
	}
	u.setRole(in.Role)
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := c.admitted(ctx, &u); err != nil {
			return err
		}
		stored, err := s.store.InsertUser(ctx, u, hash)
		if err != nil {
			return err
		}
		u.ID = stored.ID
		return c.made(ctx, u)
	})
	s.counted()
	if err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}

// counted follows a change of how many users there are.
func (s *Service) counted() {
	s.changed()
	if s.joined != nil {
		s.joined()
	}
}

// ValidEmail reports whether the text is one plain address with a dot in its
// domain, of at most MaxEmail characters.
func ValidEmail(email string) bool {
	if utf8.RuneCountInString(email) > MaxEmail {
		return false
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" {
		return false
	}
	_, domain, _ := strings.Cut(email, "@")
	if domain == "localhost" {
		return true
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsAny(label, "_!#$%&'*+/=?^`{|}~[]") {
			return false
		}
	}
	return len(labels) > 1 && len(labels[len(labels)-1]) > 1
}

func checkEmail(email string) []errs.Field {
	switch {
	case email == "":
		return []errs.Field{{Name: "email", Code: errs.Required}}
	case utf8.RuneCountInString(email) > MaxEmail:
		return []errs.Field{{Name: "email", Code: errs.TooLong, Limit: MaxEmail}}
	case !ValidEmail(email):
		return []errs.Field{{Name: "email", Code: errs.Malformed}}
	}
	return nil
}

func checkFullName(name string) []errs.Field {
	switch {
	case strings.TrimSpace(name) == "":
		return []errs.Field{{Name: "full_name", Code: errs.Required}}
	case utf8.RuneCountInString(name) > MaxFullName:
		return []errs.Field{{Name: "full_name", Code: errs.TooLong, Limit: MaxFullName}}
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return []errs.Field{{Name: "full_name", Code: errs.Malformed}}
	}
	return nil
}
