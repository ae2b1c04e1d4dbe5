// Package django reads what the Django reference keeps: from its live PostgreSQL
// database, from a plain-format pg_dump of it, or from a fixture that dumpdata
// has written; and writes a library as a fixture that loaddata reads.
//
// All three say the same in text, so that one place knows what tables and columns
// mean: an origin yields rows, and records.go makes records of them.
package django

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// model is one of the reference's models, by which its tables and the objects of
// a fixture are told.
type model uint8

const (
	users model = iota
	albums
	songs
	messages
	tokens
	changes
	groups
	memberships // of users in groups; in a fixture a part of the user
	contentTypes
	addresses // of allauth: which e-mail addresses are verified
	models    // how many there are
)

// tableNames are the tables in the database. That of memberships is the one of
// users with a column group_id.
var tableNames = [models]string{
	users: "users", albums: "albums", songs: "songs", messages: "messages", tokens: "authtoken_token",
	changes: "django_admin_log", groups: "auth_group", memberships: "users_groups",
	contentTypes: "django_content_type", addresses: "account_emailaddress",
}

// modelNames are what a fixture calls them, without the application before the
// dot and in lower case.
var modelNames = [models][]string{
	users: {"user", "customuser"}, albums: {"album"}, songs: {"song"}, messages: {"message"}, tokens: {"token"},
	changes: {"logentry"}, groups: {"group"}, contentTypes: {"contenttype"}, addresses: {"emailaddress"},
}

// modelOf returns the model that a fixture calls so.
func modelOf(name string) (model, bool) {
	_, short, _ := strings.Cut(strings.ToLower(name), ".")
	for m, names := range modelNames {
		if slices.Contains(names, short) {
			return model(m), true
		}
	}
	return 0, false
}

// modelOfTable returns the model of a table.
func modelOfTable(table string) (model, bool) {
	at := slices.Index(tableNames[:], table)
	return model(max(at, 0)), at >= 0
}

// kindOf is the model that each kind of record is made of.
var kindOf = [transfer.Kinds]model{
	transfer.Users: users, transfer.Albums: albums, transfer.Songs: songs,
	transfer.Messages: messages, transfer.Tokens: tokens, transfer.Changes: changes,
}

// origin is where rows come from.
type origin interface {
	// has reports whether there is the table of a model.
	has(m model) bool
	// each calls do with every row of a model, which is do's until it returns.
	each(ctx context.Context, m model, do func(*row) error, problem func(transfer.Problem)) error
	// count returns how many rows there are.
	count(ctx context.Context, m model) (int64, error)
	// strangers are the tables or models of which no record is made, and what was
	// odd about the whole.
	strangers(ctx context.Context) ([]stranger, []transfer.Problem, error)
	// name is what the origin is called in reports.
	name() string
	Close() error
}

// stranger is a table or a model of which no record is made.
type stranger struct {
	name string
	rows int64
}

// machinery are the tables of Django itself, and as models in a fixture, that
// mean nothing elsewhere: nobody misses them.
var machinery = []string{
	"django_migrations", "django_session", "sessions.session", "django_site", "sites.site",
	"auth_permission", "auth.permission", "auth_group_permissions", "users_user_permissions",
	"account_emailconfirmation", "account.emailconfirmation",
}

func isMachinery(name string) bool { return slices.Contains(machinery, name) }

// Options say how to read.
type Options struct {
	// AdminEmail is the reference's ADMIN_EMAIL, whose owner is an admin of its
	// API; "" for none.
	AdminEmail string
}

// Source is a library of the Django reference. It implements [transfer.Source];
// whoever opened it closes it.
type Source struct {
	from  origin
	admin string // folded
	known *known
}

var _ transfer.Source = (*Source)(nil)

// OpenDump opens a file: a fixture, or a dump of pg_dump in the plain format, each
// packed with gzip or not. It is read through. Errors: NotFound if there is none,
// Invalid if it is damaged, of another kind or another application's.
func OpenDump(ctx context.Context, path string, o Options) (*Source, error) {
	from, err := openDump(ctx, path)
	if err != nil {
		return nil, err
	}
	return newSource(ctx, from, o)
}

func openDump(ctx context.Context, path string) (origin, error) {
	in, err := dump.Open(path, filepath.Base(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "%s does not exist", path)
	}
	if err != nil {
		return nil, err
	}
	defer in.Close()
	// What is too short for one of these is no dump of anything.
	_ = in.Need(len("PGDMP"))
	begins := bytes.TrimLeft(bytes.TrimPrefix(in.Ahead(), []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(begins, []byte("PGDMP")):
		return nil, errs.New(errs.Invalid, "%s is in the custom format of pg_dump: write it with --format=plain, or make that of it with pg_restore --file=FILE", path)
	case len(begins) == 0:
		return nil, errs.New(errs.Invalid, "%s is empty", path)
	case begins[0] == '[' || begins[0] == '{':
		return openFixture(ctx, path)
	}
	return openSQLDump(ctx, path)
}

// newSource looks whether an origin is the reference's.
func newSource(ctx context.Context, from origin, o Options) (*Source, error) {
	s := &Source{from: from, admin: account.FoldEmail(o.AdminEmail)}
	err := s.look(ctx)
	if err == nil {
		s.known, err = s.readKnown(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	return s, nil
}

// maxNamed is how many tables an error names.
const maxNamed = 10

// look refuses another application's data.
func (s *Source) look(ctx context.Context) error {
	if s.from.has(users) || s.from.has(songs) && s.from.has(albums) {
		return nil
	}
	others, _, err := s.from.strangers(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, o := range others {
		names = append(names, o.name)
	}
	slices.Sort(names)
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "more")
	}
	if len(names) == 0 {
		names = []string{"nothing"}
	}
	return errs.New(errs.Invalid, "%s is no library of the Django reference: it has no users, songs and albums, but %s",
		s.from.name(), strings.Join(names, ", "))
}

// Close lets go of the database or the file.
func (s *Source) Close() error { return s.from.Close() }

// Count implements [transfer.Source].
func (s *Source) Count(ctx context.Context, kind transfer.Kind) (int64, error) {
	return s.from.count(ctx, kindOf[kind])
}

// Each implements [transfer.Source]. References are numbers. The rules of problems
// are "missing table", "unknown table", "missing field", "wrong type", "malformed",
// "too large" and "role from staff".
func (s *Source) Each(ctx context.Context, kind transfer.Kind, do func(record any) error, problem func(transfer.Problem)) error {
	if kind == transfer.Users {
		if err := s.tellStrangers(ctx, problem); err != nil {
			return err
		}
	}
	m := kindOf[kind]
	if !s.from.has(m) {
		problem(transfer.Problem{
			Place: transfer.Place{File: s.from.name(), Offset: -1}, Rule: "missing table", What: fmt.Sprintf("there are no %s", kind),
		})
		return nil
	}
	return s.from.each(ctx, m, func(r *row) error {
		record, err := s.record(ctx, m, r, problem)
		if err != nil {
			return err
		}
		if r.wrong != nil {
			problem(transfer.Problem{Place: r.place, Rule: r.wrong.rule, What: r.wrong.what, Lost: true})
			return nil
		}
		return do(record)
	}, problem)
}

// tellStrangers tells of what is left out.
func (s *Source) tellStrangers(ctx context.Context, problem func(transfer.Problem)) error {
	others, odd, err := s.from.strangers(ctx)
	if err != nil {
		return err
	}
	for _, p := range odd {
		problem(p)
	}
	slices.SortFunc(others, func(a, b stranger) int { return strings.Compare(a.name, b.name) })
	for _, o := range others {
		if o.rows == 0 || isMachinery(o.name) {
			continue
		}
		problem(transfer.Problem{
			Place: transfer.Place{File: s.from.name(), Offset: -1}, Rule: "unknown table",
			What: fmt.Sprintf("%s is not known, and not kept: %d rows", o.name, o.rows),
		})
	}
	return nil
}
