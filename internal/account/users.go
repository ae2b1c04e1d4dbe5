package account

import "context"

// Users returns a page of the users that the filter selects and how many it
// selects in all. E-mail addresses are filled in only for the caller, for
// admins, and for people the caller has exchanged messages with.
func (s *Service) Users(ctx context.Context, actor Actor, f UserFilter) ([]User, int, error) {
	total, err := s.CountUsers(ctx, actor, f)
	if err != nil {
		return nil, 0, err
	}
	users, err := s.store.Users(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	return users, total, s.present(ctx, actor, users)
}

// CountUsers returns how many users the filter selects, whatever its page.
func (s *Service) CountUsers(ctx context.Context, actor Actor, f UserFilter) (int, error) {
	if err := actor.RequireKnown(); err != nil {
		return 0, err
	}
	total, err := s.store.CountUsers(ctx)
	if err != nil {
		return 0, err
	}
	if f.Except != 0 && total > 0 {
		total--
	}
	return total, nil
}

// EachUser calls do for each user that the filter selects, without holding
// them all in memory. E-mail addresses are left out.
func (s *Service) EachUser(ctx context.Context, actor Actor, f UserFilter, do func(User) error) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	return s.store.EachUser(ctx, f, func(u User) error {
		u = s.withRights(u)
		u.Email = ""
		return do(u)
	})
}

// User returns one user as the actor may see him. Errors: Unauthenticated,
// NotFound.
func (s *Service) User(ctx context.Context, actor Actor, id int64) (User, error) {
	if err := actor.RequireKnown(); err != nil {
		return User{}, err
	}
	u, err := s.store.UserByID(ctx, id)
	if err != nil {
		return User{}, err
	}
	one := []User{u}
	err = s.present(ctx, actor, one)
	return one[0], err
}

// IDByExternalID returns the id of the user whom the Node dialect calls so.
// Errors: Unauthenticated, NotFound.
func (s *Service) IDByExternalID(ctx context.Context, actor Actor, externalID string) (int64, error) {
	if err := actor.RequireKnown(); err != nil {
		return 0, err
	}
	generation := s.people.generation()
	if id, ok := s.people.get(externalID); ok {
		return id, nil
	}
	u, err := s.store.UserByExternalID(ctx, externalID)
	if err != nil {
		return 0, err
	}
	s.people.put(generation, externalID, u.ID)
	return u.ID, nil
}

// UsersByID returns the users with these ids as the actor may see them;
// absent ones are left out.
func (s *Service) UsersByID(ctx context.Context, actor Actor, ids []int64) (map[int64]User, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	byID, err := s.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	users := make([]User, 0, len(byID))
	for _, u := range byID {
		users = append(users, u)
	}
	if err := s.present(ctx, actor, users); err != nil {
		return nil, err
	}
	for _, u := range users {
		byID[u.ID] = u
	}
	return byID, nil
}

// present makes users, in place, what the actor may see of them: with their
// rights, and without the addresses that are none of his business.
func (s *Service) present(ctx context.Context, actor Actor, users []User) error {
	for i, u := range users {
		users[i] = s.withRights(u)
	}
	if actor.Admin() || len(users) == 0 {
		return nil
	}
	ids := make([]int64, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	known, err := s.store.Acquainted(ctx, actor.User.ID, ids)
	if err != nil {
		return err
	}
	for i, u := range users {
		if u.ID != actor.User.ID && !known[u.ID] {
			users[i].Email = ""
		}
	}
	return nil
}

// UserByEmail returns the user with the address, for admins. Errors:
// Unauthenticated, Forbidden, NotFound.
func (s *Service) UserByEmail(ctx context.Context, actor Actor, email string) (User, error) {
	if err := actor.RequireAdmin(); err != nil {
		return User{}, err
	}
	u, err := s.store.UserByEmail(ctx, FoldEmail(email))
	return s.withRights(u), err
}

// Empty reports whether there is no user yet, so that a first admin is
// needed.
func (s *Service) Empty(ctx context.Context) (bool, error) {
	n, err := s.store.CountUsers(ctx)
	return n == 0, err
}
