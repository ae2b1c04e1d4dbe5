package webapi

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

func (w *web) people(c *jsonapi.Call) (any, error) {
	q := account.PeopleQuery{Except: c.Actor.User.ID}
	var err error
	if q.Words, err = c.Words("q"); err != nil {
		return nil, err
	}
	if q.Limit, q.Offset, err = c.Page(); err != nil {
		return nil, err
	}
	found, total, err := w.c.Accounts.People(c.Context(), c.Actor, q)
	return page[person]{each(found, w.presenter().toPerson), total}, err
}

func (w *web) person(c *jsonapi.Call) (any, error) {
	u, err := w.user(c)
	return w.presenter().toPerson(u), err
}

// user returns whom the path names by his external id. Errors: NotFound.
func (w *web) user(c *jsonapi.Call) (account.User, error) {
	id, err := w.c.Accounts.IDByExternalID(c.Context(), c.Actor, c.Param("id"))
	if err != nil {
		return account.User{}, err
	}
	return w.c.Accounts.User(c.Context(), c.Actor, id)
}

// present is somebody who is online.
type present struct {
	Person   person    `json:"person"`
	Activity string    `json:"activity" doc:"Idle for those who may not see it" example:"Playing Gymnopédie No. 1 by Erik Satie"`
	Since    time.Time `json:"since" doc:"when the activity began" example:"2026-05-17T19:30:00.250125Z"`
}

func (w *web) presence(c *jsonapi.Call) (any, error) {
	online, err := w.c.Presence.Online(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(online))
	for i, e := range online {
		ids[i] = e.UserID
	}
	users, err := w.c.Accounts.UsersByID(c.Context(), c.Actor, ids)
	if err != nil {
		return nil, err
	}
	list, p := make([]present, 0, len(online)), w.presenter()
	for _, e := range online {
		if u, ok := users[e.UserID]; ok { // not deleted meanwhile
			list = append(list, present{p.toPerson(u), e.Activity, e.Since})
		}
	}
	return list, nil
}
