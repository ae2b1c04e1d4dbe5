package account

import (
	"context"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// externalAlphabet and externalChars give the ids of local users the shape of
// Clerk's: "user_" and 27 letters and digits.
const (
	externalAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	externalChars    = 27
)

// NewUser is what somebody gives to get an account.
type NewUser struct {
	Email    string
	FullName string
	Image    string // an absolute URL or ""
	Password string
	Verified bool // by the operator's word only
	Admin    bool // by the operator's word only
}

// Register makes an account for whoever asks. Errors: Invalid with the fields
// email, full_name, password; Conflict with the field email.
func (s *Service) Register(ctx context.Context, in NewUser) (User, error) {
	in.Verified, in.Admin = false, false
	return s.create(ctx, in)
}

// Create makes an account on an admin's word, who may also make it an admin's
// and vouch for its address. Errors: those of Register, Unauthenticated,
// Forbidden.
func (s *Service) Create(ctx context.Context, actor Actor, in NewUser) (User, error) {
	if err := actor.RequireAdmin(); err != nil {
		return User{}, err
	}
	return s.create(ctx, in)
}

func (s *Service) create(ctx context.Context, in NewUser) (User, error) {
	in.Email = strings.TrimSpace(in.Email)
	wrong := append(checkEmail(in.Email), checkFullName(in.FullName)...)
	wrong = append(wrong, s.CheckPassword(in.Password, in.Email)...)
	if err := errs.InvalidFields(wrong...); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	now := s.now()
	u, err := s.store.InsertUser(ctx, User{
		OID: s.ids.New(), ExternalID: "user_" + randomString(externalChars, externalAlphabet),
		Email: in.Email, Verified: in.Verified, FullName: in.FullName, Image: in.Image,
		Active: true, Admin: in.Admin, Joined: now, Updated: now,
	}, hash)
	s.Forget()
	if s.joined != nil {
		s.joined()
	}
	return s.withRights(u), err
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
