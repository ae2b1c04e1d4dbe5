package webapi

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// mailRoutes are those of mails with links: the pages that the links lead to
// send the links' keys here.
func (w *web) mailRoutes() []jsonapi.Route {
	throttled := kit.Answer{Status: http.StatusTooManyRequests, Description: "Too many mails; Retry-After says when to come back"}
	return []jsonapi.Route{
		{Method: post, Path: "password-reset", Access: public, Entrance: true, Tag: "Account",
			Summary: "Send a link to a new password, if anybody has the address, which is not told",
			In:      address{}, Answers: []kit.Answer{throttled}, Handle: w.requestReset},
		{Method: post, Path: "password-reset/confirm", Access: public, Entrance: true, Tag: "Account",
			Summary: "Set a new password by the key of such a link, which ends all that the user has signed in with",
			In:      newPassword{}, Handle: w.resetPassword},
		{Method: post, Path: "verify-email", Access: public, Entrance: true, Tag: "Account", Summary: "Prove by the key of a link that an address is one's own",
			In: linkKey{}, Answers: []kit.Answer{notFound}, Handle: w.verifyEmail},
		{Method: post, Path: "verify-email/resend", Access: known, Tag: "Account",
			Summary: "Send such a link to the own address, unless that is verified",
			Answers: []kit.Answer{throttled}, Handle: w.resendVerification},
	}
}

type address struct {
	Email string `json:"email"`
}

type newPassword struct {
	Key      string `json:"key" doc:"of the link"`
	Password string `json:"password" doc:"as of a new account"`
}

type linkKey struct {
	Key string `json:"key" doc:"of the link"`
}

func mailTo(c *jsonapi.Call, email string) account.MailRequest {
	return account.MailRequest{Email: email, Addr: c.Client(), Language: c.R.Header.Get("Accept-Language")}
}

func (w *web) requestReset(c *jsonapi.Call) (any, error) {
	var in address
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.RequestReset(c.Context(), mailTo(c, in.Email))
}

func (w *web) resetPassword(c *jsonapi.Call) (any, error) {
	var in newPassword
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.ResetPassword(c.Context(), account.Reset{Key: in.Key, Password: in.Password})
}

func (w *web) verifyEmail(c *jsonapi.Call) (any, error) {
	var in linkKey
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	_, err := w.c.Accounts.Verify(c.Context(), in.Key)
	return nil, err
}

func (w *web) resendVerification(c *jsonapi.Call) (any, error) {
	return nil, w.c.Accounts.RequestVerification(c.Context(), mailTo(c, c.Actor.User.Email))
}
