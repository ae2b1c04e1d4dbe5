package jsonapi

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Operations documents the routes.
func (a *API) Operations() []kit.Operation {
	operations := make([]kit.Operation, len(a.c.Routes))
	for i, rt := range a.c.Routes {
		operations[i] = kit.Operation{
			Method: rt.Method, Path: a.c.Prefix + rt.Path, Summary: rt.Summary, Tag: rt.Tag,
			Access: rt.Access, Examples: rt.Examples, Query: rt.Query, Body: rt.bodies(), Answers: rt.answers(),
		}
		if rt.Access == kit.SignedIn && rt.Role > account.Member {
			operations[i].Role = rt.Role.String()
		}
	}
	return operations
}

func (rt Route) bodies() []kit.Body {
	var bodies []kit.Body
	if rt.In != nil {
		bodies = append(bodies, kit.Body{ContentType: "application/json", Sample: rt.In})
	}
	if rt.Form != nil {
		bodies = append(bodies, kit.Body{ContentType: "multipart/form-data", Sample: rt.Form})
	}
	return bodies
}

// answers returns that of success and the errors that a client will meet; the
// rest look the same.
func (rt Route) answers() []kit.Answer {
	answers := append([]kit.Answer{{Status: rt.status(), Description: "Done", Sample: rt.Out}}, rt.Answers...)
	refuse := func(status int, why string) {
		answers = append(answers, kit.Answer{Status: status, Description: why})
	}
	if len(rt.Query) > 0 || rt.In != nil || rt.Form != nil {
		refuse(http.StatusBadRequest, "Something is wrong with what was sent; the fields say what")
	}
	if rt.Access != kit.Public {
		refuse(http.StatusUnauthorized, "Nobody is signed in")
	}
	if rt.Access == kit.Admin || rt.Role > account.Member {
		refuse(http.StatusForbidden, "The caller may not")
	}
	return answers
}
