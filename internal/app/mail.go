package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/mail"
)

// sendMail is the kind of the jobs that send mails.
const sendMail = "send-mail"

const (
	mailTimeout = time.Minute
	// mailAttempts is for a mail server that is away for half a working day: the
	// last attempts are an hour apart.
	mailAttempts = 15
	// mailsAtOnce leaves workers to other jobs while a mail server is slow.
	mailsAtOnce = 2
)

// buildMail chooses who sends mails.
func (a *App) buildMail() (err error) {
	home, err := url.Parse(a.Config.Home())
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if a.letters, err = mail.NewWriter(home.Host); err != nil {
		return err
	}
	if a.Config.SMTPURL == "" {
		a.mails = mail.NewLog(a.Log)
		return nil
	}
	a.mails, err = mail.NewSMTP(a.Config.SMTPURL, a.Config.MailFrom, a.now)
	return err
}

// mailQueue has mails sent by jobs.
type mailQueue struct{ jobs *jobs.Service }

// Queue implements account.Mailer. A mail like one that waits takes its place.
func (q mailQueue) Queue(ctx context.Context, j account.MailJob) error {
	payload, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return q.jobs.Add(ctx, jobs.Task{
		Kind: sendMail, Payload: payload,
		Unique: fmt.Sprintf("%s %d %s", j.Kind, j.UserID, account.FoldEmail(j.Email)),
	})
}

// sendMail writes and sends the mail of an account.MailJob.
func (a *App) sendMail(ctx context.Context, payload []byte) (string, error) {
	var j account.MailJob
	if err := json.Unmarshal(payload, &j); err != nil {
		return "", err
	}
	l, ok, err := a.Accounts.Letter(ctx, j)
	if err != nil {
		return "", err
	}
	if !ok {
		return "there is nothing to be sent", nil
	}
	m, err := a.letters.Write(mail.Letter{
		Kind: string(l.Kind), Language: l.Language, To: l.To, ToName: l.ToName, Link: a.link(l), Lasts: l.Lasts,
	})
	if err != nil {
		return "", err
	}
	err = a.mails.Send(ctx, m)
	if errs.Is(err, errs.Invalid) {
		a.Log.WarnContext(ctx, "a mail was refused", "kind", l.Kind, "error", err)
		return "the receiver was refused", nil // and would be again
	}
	return "handed over", err
}

// mailPages are the pages of the web app that mails lead to.
var mailPages = map[account.MailKind]string{
	account.MailVerify: "/verify-email",
	account.MailReset:  "/reset-password",
	account.MailInvite: "/register",
}

// link returns where a letter leads to, "" for nowhere. The uid is what clients
// of the Django reference send along with a reset's key.
func (a *App) link(l account.Letter) string {
	if l.Key == "" {
		return ""
	}
	query := url.Values{"key": {l.Key}}
	if l.Kind == account.MailReset {
		query.Set("uid", strconv.FormatInt(l.UserID, 36))
	}
	return a.Config.Home() + mailPages[l.Kind] + "?" + query.Encode()
}
