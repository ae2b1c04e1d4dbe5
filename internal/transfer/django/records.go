package django

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// known is what records refer to, and is no record itself.
type known struct {
	groups   map[int64]string  // the names, in lower case
	groupsOf map[int64][]int64 // a user's; those that the user does not name himself
	models   map[int64]string  // what the admin log calls the models
	verified map[string]bool   // folded e-mail addresses
	actors   map[int64]string  // the e-mail addresses of those whom the admin log names
	natural  map[string]int64  // users by e-mail address, if records name them so; nil until then
}

func (s *Source) readKnown(ctx context.Context) (*known, error) {
	k := &known{
		groups: map[int64]string{}, groupsOf: map[int64][]int64{}, models: map[int64]string{}, verified: map[string]bool{},
		actors: map[int64]string{},
	}
	for _, of := range []struct {
		model model
		do    func(*row)
	}{
		{groups, func(r *row) { k.groups[r.number("id")] = strings.ToLower(r.text("name")) }},
		{memberships, k.membership},
		{contentTypes, func(r *row) { k.models[r.number("id")] = strings.ToLower(r.text("model")) }},
		{addresses, func(r *row) {
			if r.flag("verified", false) {
				k.verified[account.FoldEmail(r.text("email"))] = true
			}
		}},
		{changes, func(r *row) { k.actors[r.whole("user_id", "user")] = "" }},
		{users, func(r *row) {
			if _, acts := k.actors[r.number("id")]; acts {
				k.actors[r.number("id")] = r.optional("email")
			}
		}},
	} {
		if err := s.glance(ctx, of.model, of.do); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// glance reads the rows of a model. What is wrong with one is told when it becomes
// a record, or says nothing.
func (s *Source) glance(ctx context.Context, m model, do func(*row)) error {
	return s.from.each(ctx, m, func(r *row) error {
		do(r)
		return nil
	}, func(transfer.Problem) {})
}

// membership reads a row that joins a user to a group. The column of the user is
// called after the model, whose name is not known here.
func (k *known) membership(r *row) {
	group := r.number("group_id")
	for name := range r.at {
		if name != "id" && name != "group_id" && strings.HasSuffix(name, "_id") {
			user := r.number(name)
			k.groupsOf[user] = append(k.groupsOf[user], group)
		}
	}
}

// record makes a record of a row; r.wrong says if that cannot be done.
func (s *Source) record(ctx context.Context, m model, r *row, problem func(transfer.Problem)) (any, error) {
	switch m {
	case users:
		return s.user(r, problem), nil
	case albums:
		return &transfer.Album{
			Place: r.place, ID: r.number("id"), Title: r.text("title"), Artist: r.text("artist"), Image: r.optional("image_url"),
			ReleaseYear: r.decimal("release_year"), Created: r.instant("created_at"), Updated: r.instant("updated_at"),
		}, nil
	case songs:
		return &transfer.Song{
			Place: r.place, ID: r.number("id"), Title: r.text("title"), Artist: r.text("artist"), Image: r.optional("image_url"),
			Audio: r.optional("audio_url"), Duration: r.decimal("duration"), Album: transfer.Ref{ID: r.whole("album_id", "album")},
			Created: r.instant("created_at"), Updated: r.instant("updated_at"),
		}, nil
	case messages:
		message := &transfer.Message{
			Place: r.place, ID: r.number("id"), Content: r.text("content"), Created: r.instant("created_at"), Updated: r.instant("updated_at"),
		}
		var err error
		if message.Sender, err = s.person(ctx, r, "sender"); err == nil {
			message.Receiver, err = s.person(ctx, r, "receiver")
		}
		return message, err
	case tokens:
		owner, err := s.person(ctx, r, "user")
		return &transfer.Token{Place: r.place, User: owner, Key: r.text("key"), Label: tokenLabel, Created: r.instant("created")}, err
	default:
		return s.change(ctx, r)
	}
}

// person returns the user whom a row names: by number, or, in a fixture that was
// written with natural keys, by a list of the e-mail address alone.
func (s *Source) person(ctx context.Context, r *row, name string) (transfer.Ref, error) {
	natural := naturalKey(r.optional(name))
	if len(natural) != 1 {
		return transfer.Ref{ID: r.whole(name+"_id", name)}, nil
	}
	if s.known.natural == nil {
		s.known.natural = map[string]int64{}
		err := s.glance(ctx, users, func(u *row) { s.known.natural[u.optional("email")] = u.whole("id") })
		if err != nil {
			return transfer.Ref{}, err
		}
	}
	id := s.known.natural[natural[0]]
	if id == 0 {
		r.fail("wrong type", "%s is %q, which is the e-mail address of no user with a number", name, shorten(natural[0]))
	}
	return transfer.Ref{ID: id}, nil
}

// naturalKey reads a natural key, a list of texts; nil if it is none.
func naturalKey(text string) (key []string) {
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &key) != nil {
		return nil
	}
	return key
}

// tokenLabel is what the owner of a key sees of where it came from.
const tokenLabel = "Django"

// Django writes the name of the hasher before what argon2 itself writes, which
// begins with a "$", and is how a password is stored here.
const (
	argon2Hasher   = "argon2"
	djangoArgon2id = argon2Hasher + "$argon2id$"
)

// noAddress is what the addresses end with that a Writer gives to users who have
// none: the reference's cannot be without.
const noAddress = "@no-address.invalid"

func (s *Source) user(r *row, problem func(transfer.Problem)) any {
	if !r.has("id") {
		r.fail("missing field", "id is missing: a fixture must be written without --natural-primary")
	}
	u := &transfer.User{
		Place: r.place, ID: r.number("id"), Email: r.text("email"), FullName: r.optional("full_name"), Image: r.optional("image_url"),
		Password: r.optional("password"), Active: r.flag("is_active", true), Joined: r.instant("date_joined"), LastLogin: r.since("last_login"),
	}
	u.Updated = u.Joined
	u.Verified = s.known.verified[account.FoldEmail(u.Email)]
	switch {
	case strings.HasPrefix(u.Password, "!"): // Django's sign of none
		u.Password = ""
	case strings.HasPrefix(u.Password, djangoArgon2id):
		u.Password = strings.TrimPrefix(u.Password, argon2Hasher) // it is as ours are
	}
	if strings.HasSuffix(u.Email, noAddress) {
		u.Email = ""
	}
	u.Role = s.role(r, u, problem)
	return u
}

// role returns what somebody may do: superusers, and the owner of ADMIN_EMAIL,
// everything; staff what a group of theirs is called, or look.
func (s *Source) role(r *row, u *transfer.User, problem func(transfer.Problem)) account.Role {
	if r.flag("is_superuser", false) || s.admin != "" && account.FoldEmail(u.Email) == s.admin {
		return account.Administrator
	}
	if !r.flag("is_staff", false) {
		return account.Member
	}
	role := account.Member
	for _, id := range s.groupIDs(r, u.ID) {
		if named, ok := account.ParseRole(strings.TrimSuffix(s.known.groups[id], "s")); ok {
			role = max(role, named)
		}
	}
	if role == account.Member {
		role = account.Viewer
		problem(transfer.Problem{Place: r.place, Rule: "role from staff", What: fmt.Sprintf("%s is staff, and in no group that says more: a viewer here", u.Email)})
	}
	return role
}

func (s *Source) groupIDs(r *row, user int64) []int64 {
	list := s.known.groupsOf[user]
	var named []json.RawMessage // a fixture has them in the user, by number or by name
	if json.Unmarshal([]byte(r.optional("groups")), &named) != nil {
		return list
	}
	for _, raw := range named {
		text := strings.ToLower(strings.Trim(string(raw), `[]" `))
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			list = append(list, id)
			continue
		}
		for id, name := range s.known.groups {
			if name == text {
				list = append(list, id)
			}
		}
	}
	return list
}

// auditModels are what the log calls models here.
var auditModels = map[string]string{
	"user": audit.Users, "customuser": audit.Users, "song": audit.Songs, "album": audit.Albums,
	"message": audit.Messages, "token": audit.Tokens, "tokenproxy": audit.Tokens,
}

// actions are the reference's action_flag.
var actions = map[int64]audit.Action{1: audit.Added, 2: audit.Changed, 3: audit.Deleted}

func (s *Source) change(ctx context.Context, r *row) (any, error) {
	actor, err := s.person(ctx, r, "user")
	e := audit.Entry{
		At: r.instant("action_time"), ActorID: actor.ID, Actor: s.known.actors[actor.ID],
		Object: r.optional("object_repr"), ObjectID: r.optional("object_id"),
	}
	if natural := naturalKey(r.optional("user")); len(natural) == 1 {
		e.Actor = natural[0]
	}
	var ok bool
	if e.Action, ok = actions[r.number("action_flag")]; !ok {
		r.fail("wrong type", "action_flag is %q", r.optional("action_flag"))
	}
	name := s.known.models[r.contentType()]
	if name == "" { // of a fixture with natural keys: ["api", "song"]
		if natural := naturalKey(r.optional("content_type")); len(natural) == 2 {
			name = natural[1]
		}
	}
	if e.Model = auditModels[name]; e.Model == "" {
		e.Model = name
	}
	e.Changes = changedFields(r.optional("change_message"))
	return &transfer.Change{Place: r.place, Entry: e}, err
}

func (r *row) contentType() int64 {
	text := r.optional("content_type_id") + r.optional("content_type")
	n, _ := strconv.ParseInt(text, 10, 64) // a natural key is none
	return n
}

// changedFields reads a change_message: JSON such as
// [{"changed": {"fields": ["Title"]}}], which does not tell the values, or a
// sentence of an old version.
func changedFields(message string) []audit.Change {
	var parts []map[string]struct {
		Fields []string `json:"fields"`
	}
	if json.Unmarshal([]byte(message), &parts) != nil {
		return nil
	}
	var list []audit.Change
	for _, part := range parts {
		for _, field := range part["changed"].Fields {
			list = append(list, audit.Change{Field: strings.ToLower(strings.ReplaceAll(field, " ", "_"))})
		}
	}
	return list
}
