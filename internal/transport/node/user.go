package node

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
)

// users lists everybody but the caller.
func (d *Dialect) users(q *request) (answer, error) {
	p := pageOf(q.Request)
	if p == (page{}) {
		body, whole, err := d.people.without(q.Context(), d, q.actor, q.media)
		if err != nil || whole {
			return answer{status: http.StatusOK, body: body}, err
		}
	}
	others := account.UserFilter{Except: q.actor.User.ID, Limit: p.limit, Offset: p.offset}
	return answer{status: http.StatusOK, list: func(l *list) error {
		return d.c.Accounts.EachUser(q.Context(), q.actor, others, func(u account.User) error {
			return l.put(appendUser(l.next(), u, q.media))
		})
	}}, nil
}
