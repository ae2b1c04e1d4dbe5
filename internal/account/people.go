package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// PeopleQuery selects active users by name. Its zero value selects all.
type PeopleQuery struct {
	Words         []string // each in the name, in any case
	Except        int64    // leaves this user out; 0 leaves nobody out
	Limit, Offset int      // Limit 0 is no limit
}

// maxWords is how many words a query may have.
const maxWords = 10

// People returns a page of the users that a query selects, by name, and how
// many it selects in all. E-mail addresses are left out. Errors:
// Unauthenticated; Invalid with the field words.
func (s *Service) People(ctx context.Context, actor Actor, q PeopleQuery) ([]User, int, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, 0, err
	}
	if len(q.Words) > maxWords {
		return nil, 0, errs.InvalidFields(errs.Field{Name: "words", Code: errs.TooMany, Limit: maxWords})
	}
	users, total, err := s.store.FindPeople(ctx, q)
	for i, u := range users {
		users[i] = s.withRights(u)
		users[i].Email = ""
	}
	return users, total, err
}
