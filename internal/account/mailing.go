package account

import (
	"context"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// MailKind says what a mail is about.
type MailKind string

// The kinds of mails.
const (
	MailVerify   MailKind = "verify"   // prove that the address is yours
	MailReset    MailKind = "reset"    // set a new password
	MailInvite   MailKind = "invite"   // make an account
	MailPassword MailKind = "password" // your password was changed
	MailFactor   MailKind = "factor"   // there is another way to prove who you are
)

// MailJob is a mail that is to be written. It holds no secret: the key of the
// link that it may bear is made when it is written, by Letter.
type MailJob struct {
	Kind     MailKind
	UserID   int64  // whom to write to; 0 for whoever has the address
	Email    string // without a UserID
	Language string // as the header Accept-Language has it; "" if it is not known
}

// Mailer sends mails in the background.
type Mailer interface {
	// Queue keeps a job until its mail is sent, if the transaction in ctx is
	// committed.
	Queue(ctx context.Context, j MailJob) error
}

// Letter is what a mail tells.
type Letter struct {
	Kind     MailKind
	Language string
	To       string
	ToName   string        // "" for somebody who has not proved that the address is his
	UserID   int64         // 0 for nobody who has an account
	Key      string        // of the link that it bears; "" for none
	Lasts    time.Duration // the link
}

// How long links are good for.
const (
	verifyAge = 3 * 24 * time.Hour
	resetAge  = time.Hour
	inviteAge = 7 * 24 * time.Hour
)

// Letter makes what is to be sent for a job, with a fresh link if the mail bears
// one. It is false if there is nothing to be sent: nobody has the address, say,
// or its owner has proved by now that it is his.
func (s *Service) Letter(ctx context.Context, j MailJob) (l Letter, ok bool, err error) {
	l = Letter{Kind: j.Kind, Language: j.Language, To: j.Email}
	if j.Kind == MailInvite {
		i, err := s.store.InvitationByEmail(ctx, FoldEmail(j.Email), s.now())
		if errs.Is(err, errs.NotFound) { // it was taken back
			return l, false, nil
		}
		if err != nil {
			return l, false, err
		}
		l.Lasts = i.Expires.Sub(s.now())
		l.Key, err = s.issueLink(ctx, LinkInvite, 0, j.Email, l.Lasts)
		return l, err == nil, err
	}
	u, err := s.receiver(ctx, j)
	if errs.Is(err, errs.NotFound) {
		return l, false, nil
	}
	if err != nil || !j.wanted(u) {
		return l, false, err
	}
	l.To, l.UserID = u.Email, u.ID
	if u.Verified {
		// Whoever registers another's address chooses its name too, which must
		// not be a way to write to him.
		l.ToName = u.FullName
	}
	switch j.Kind {
	case MailVerify:
		l.Lasts = verifyAge
		l.Key, err = s.issueLink(ctx, LinkVerify, u.ID, u.Email, l.Lasts)
	case MailReset:
		l.Lasts = resetAge
		l.Key, err = s.issueLink(ctx, LinkReset, u.ID, u.Email, l.Lasts)
	}
	return l, err == nil, err
}

func (s *Service) receiver(ctx context.Context, j MailJob) (User, error) {
	if j.UserID != 0 {
		return s.store.UserByID(ctx, j.UserID)
	}
	return s.store.UserByEmail(ctx, FoldEmail(j.Email))
}

// wanted reports whether a user gets the mail. News go to no address that may be
// somebody else's.
func (j MailJob) wanted(u User) bool {
	switch j.Kind {
	case MailVerify:
		return u.Active && !u.Verified
	case MailReset:
		return u.Active
	}
	return u.Verified
}

// MailRequest is somebody's wish to get a mail.
type MailRequest struct {
	Email    string
	Addr     string // where the wish comes from; for throttling
	Language string // as in MailJob
}

// request queues a mail for an address, whoever has it, and if nobody has: so it
// takes the same time and has the same answer. Errors: Invalid with the field
// email; RateLimited.
func (s *Service) request(ctx context.Context, kind MailKind, in MailRequest) error {
	email := strings.TrimSpace(in.Email)
	if err := errs.InvalidFields(checkEmail(email)...); err != nil {
		return err
	}
	if wait := s.throttle.tryMail(in.Addr, FoldEmail(email)); wait > 0 {
		return &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	return s.queue(ctx, MailJob{Kind: kind, Email: email, Language: in.Language})
}

// tell queues a mail that its receiver has not asked for, if such mails are
// sent.
func (s *Service) tell(ctx context.Context, kind MailKind, userID int64, language string) error {
	if !s.news {
		return nil
	}
	return s.queue(ctx, MailJob{Kind: kind, UserID: userID, Language: language})
}

func (s *Service) queue(ctx context.Context, j MailJob) error {
	if s.mailer == nil {
		return nil
	}
	j.Language = labelOf(j.Language)
	return s.mailer.Queue(ctx, j)
}
