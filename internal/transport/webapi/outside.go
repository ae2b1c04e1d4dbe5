package webapi

import (
	"net/http"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// outsideRoutes are those of other ways to an account than to register with a
// password: elsewhere, or by an invitation.
func (w *web) outsideRoutes() []jsonapi.Route {
	back := kit.Param{Name: "return", Description: "the path of the app to go to at last; / if it is left out"}
	provider := map[string]string{"name": "company"}
	return []jsonapi.Route{
		{Method: get, Path: "sign-in-options", Access: public, Entrance: true, Tag: "Account", Summary: "Say how one may sign in and get an account",
			Out: signInOptions{}, Handle: w.signInOptions},
		{Method: post, Path: "invitation", Access: public, Entrance: true, Tag: "Account", Summary: "Say whom an invitation is for, by the key of its link",
			In: linkKey{}, Out: invitation{}, Answers: []kit.Answer{notFound}, Handle: w.invitation},
		{Method: get, Path: "oidc/{name}/start", Access: public, Entrance: true, Tag: "Account", Summary: "Send the browser to sign in elsewhere",
			Query: []kit.Param{back}, Examples: provider, Status: http.StatusFound, Answers: []kit.Answer{notFound}, Handle: w.startOutside},
		{Method: get, Path: "oidc/{name}/callback", Access: public, Entrance: true, Tag: "Account",
			Summary: "Take the browser back from there: it gets the session cookie and is sent to the app, or to /sign-in?error=… if that failed",
			Query: []kit.Param{
				{Name: "state", Description: "of the sign-in"},
				{Name: "code", Description: "what the provider answers"},
				{Name: "error", Description: "or why it does not"},
				{Name: "iss", Description: "which provider answers"},
			}, Examples: provider, Status: http.StatusFound, Answers: []kit.Answer{notFound}, Handle: w.finishOutside},
		{Method: post, Path: "oidc/{name}/link", Access: known, Tag: "Account",
			Summary: "Begin to link the own account with one elsewhere; the browser has to go to the answer's URL",
			In:      linking{}, Out: elsewhere{}, Examples: provider, Answers: []kit.Answer{notFound}, Handle: w.linkOutside},
		{Method: get, Path: "account/identities", Access: known, Tag: "Account", Summary: "List where else one can sign in to the own account",
			Out: []identity{}, Handle: w.identities},
		{Method: remove, Path: "account/identities/{id}", Access: known, Tag: "Account", Summary: "Unlink one of them",
			Answers: []kit.Answer{notFound, {Status: http.StatusConflict, Description: "It is the only way to sign in"}}, Handle: w.unlinkOutside},
	}
}

type signInOptions struct {
	Registration string     `json:"registration" enum:"open invite closed" doc:"who may get an account by himself"`
	Domains      []string   `json:"domains" doc:"of e-mail addresses that may register; empty for all" example:"[\"example.org\"]"`
	Providers    []provider `json:"providers" doc:"where else one may sign in"`
}

type provider struct {
	Name  string `json:"name" example:"company"`
	Label string `json:"label" doc:"what people call it" example:"Example Ltd."`
	Start string `json:"start" doc:"the path to send the browser to; return=/path brings it back there" example:"/web/api/oidc/company/start"`
}

func (w *web) signInOptions(*jsonapi.Call) (any, error) {
	policy := w.c.Accounts.Policy()
	o := signInOptions{
		Registration: policy.Registration.String(), Domains: append([]string{}, policy.Domains...), Providers: []provider{},
	}
	for _, p := range w.c.Providers {
		o.Providers = append(o.Providers, provider{p.Name(), p.Label(), Prefix + "oidc/" + p.Name() + "/start"})
	}
	return o, nil
}

type invitation struct {
	Email string `json:"email" doc:"the address that has to register"`
	Role  string `json:"role" enum:"member viewer editor admin"`
}

func (w *web) invitation(c *jsonapi.Call) (any, error) {
	var in linkKey
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	i, err := w.c.Accounts.Invitation(c.Context(), in.Key)
	return invitation{i.Email, i.Role.String()}, err
}

type identity struct {
	ID        int64     `json:"id" example:"3"`
	Provider  string    `json:"provider" doc:"its name" example:"company"`
	Email     string    `json:"email" doc:"that the provider knew, if it did"`
	CreatedAt time.Time `json:"createdAt"`
}

func (w *web) identities(c *jsonapi.Call) (any, error) {
	list, err := w.c.Accounts.Identities(c.Context(), c.Actor)
	return each(list, toIdentity), err
}

func toIdentity(i account.Identity) identity { return identity{i.ID, i.Provider, i.Email, i.Created} }

func (w *web) unlinkOutside(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	return nil, w.c.Accounts.UnlinkOutside(c.Context(), c.Actor, id)
}
