package account

import (
	"cmp"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Role is how much somebody may do; a greater one may all that a lesser may.
type Role uint8

// The roles, least first. The zero value is that of a new account.
const (
	Member        Role = iota // listens, and writes to others
	Viewer                    // also sees everything in the admin panel but secrets
	Editor                    // also changes the catalogue and removes messages
	Administrator             // also decides about users
)

var roleNames = [...]string{"member", "viewer", "editor", "admin"}

// String returns the role in one lower-case word.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "unknown"
}

// ParseRole returns the role that String calls so.
func ParseRole(name string) (Role, bool) {
	for i, n := range roleNames {
		if n == name {
			return Role(i), true
		}
	}
	return Member, false
}

// Role returns what the user may do, as long as he is active.
func (u User) Role() Role {
	if u.Admin {
		return Administrator
	}
	return u.Staff
}

// setRole makes Role return r.
func (u *User) setRole(r Role) {
	u.Admin, u.Staff = r == Administrator, r
	if u.Admin {
		u.Staff = Member
	}
}

// Role returns what the actor may do; an anonymous one is a Member.
func (a Actor) Role() Role {
	if !a.Known() {
		return Member
	}
	return a.User.Role()
}

// Require returns an Unauthenticated error for an anonymous actor, and a
// Forbidden one for an actor of a lesser role.
func (a Actor) Require(r Role) error {
	if err := a.RequireKnown(); err != nil {
		return err
	}
	if a.Role() < r {
		return &errs.Error{Kind: errs.Forbidden}
	}
	return nil
}

// name is what the log calls the actor.
func (a Actor) name() string {
	if a.Via == ViaOperator {
		return "command line"
	}
	return cmp.Or(a.User.Email, a.User.ExternalID)
}

// Entry returns the entry of the log that says what the actor made of an
// object: he added it if there is no state before, and deleted it if there is
// none after.
func (a Actor) Entry(model string, id int64, object string, before, after []audit.Value) audit.Entry {
	e := audit.Entry{
		ActorID: a.User.ID, Actor: a.name(),
		Model: model, ObjectID: strconv.FormatInt(id, 10), Object: object,
		Action: audit.Changed, Changes: audit.Compare(before, after),
	}
	switch {
	case before == nil:
		e.Action = audit.Added
	case after == nil:
		e.Action = audit.Deleted
	}
	return e
}
