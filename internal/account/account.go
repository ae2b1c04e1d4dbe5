// Package account knows who is who: users, their passwords, the tokens and
// sessions they sign in with, and what each may see of the others.
package account

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/event"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/secret"
)

// Limits of a user's fields, in characters.
const (
	MaxEmail    = 254
	MaxFullName = 255
	MaxPassword = 1024
)

// User is a person with an account.
type User struct {
	ID         int64
	OID        oid.ID
	ExternalID string // "user_" and 27 letters and digits, or the outside provider's own id
	Email      string // as typed; empty where the caller may not see it
	Verified   bool   // the e-mail is known to be his
	FullName   string
	Image      string // a name under /media/, an absolute URL, or "" for none
	Active     bool
	Admin      bool
	Staff      Role     // Viewer or Editor; Member for everybody else, admins too
	Audience   Audience // who sees his activity
	// SecondFactor says that he is asked for one when he signs in.
	SecondFactor bool
	Restricted   bool // he has a role, which waits until he has a second factor
	Joined       time.Time
	Updated      time.Time
	LastLogin    time.Time // zero if never
}

// Audience says who of the others may see something.
type Audience uint8

// The audiences. The zero value is that of a new account.
const (
	Everyone      Audience = iota // whoever is signed in
	Acquaintances                 // the people one has exchanged messages with
	Nobody
)

// Via says by what an Actor proved who he is.
type Via uint8

// The ways to prove it.
const (
	ViaNothing  Via = iota // anonymous
	ViaToken               // a key in the Authorization header
	ViaSession             // a browser's session cookie
	ViaOperator            // the command line of the machine itself
	ViaOutside             // a token of somewhere else, see Outside
)

// Actor is who asks for something. The zero Actor is an anonymous one.
type Actor struct {
	User         User
	Via          Via
	CredentialID int64 // the token or session he came by; his own id if he came from elsewhere
	Until        int64 // when a connection ends that he begins now, in seconds as Unix counts; 0 for never
}

// Operator is the actor of the command line: whoever can run it owns the data.
func Operator() Actor {
	return Actor{User: User{Admin: true, Active: true}, Via: ViaOperator}
}

// Known reports whether anybody knows who the actor is.
func (a Actor) Known() bool { return a.Via != ViaNothing }

// Admin reports whether the actor may do everything.
func (a Actor) Admin() bool { return a.Known() && a.User.Admin }

// RequireKnown returns an Unauthenticated error for an anonymous actor.
func (a Actor) RequireKnown() error {
	if !a.Known() {
		return &errs.Error{Kind: errs.Unauthenticated}
	}
	return nil
}

// RequireAdmin returns an Unauthenticated or Forbidden error for an actor who
// is not an admin.
func (a Actor) RequireAdmin() error {
	return a.Require(Administrator)
}

// UserFilter selects users.
type UserFilter struct {
	Except        int64 // leaves this user out; 0 leaves nobody out
	NewestFirst   bool  // by joining; otherwise in order of creation, as EachUser always has it
	Limit, Offset int   // Limit 0 is no limit
}

// Store is what accounts need of a database. Every method may return an
// Internal error besides those it lists.
type Store interface {
	FactorStore
	LinkStore
	IdentityStore
	InvitationStore

	InTx(ctx context.Context, do func(ctx context.Context) error) error
	// LockAccounts makes the transaction in ctx the only one to change accounts
	// until it ends. LockCatalog comes before it where users are deleted: the
	// statistics of the catalogue count them.
	LockAccounts(ctx context.Context) error
	LockCatalog(ctx context.Context) error

	UserByID(ctx context.Context, id int64) (User, error)                         // NotFound
	UserByExternalID(ctx context.Context, externalID string) (User, error)        // NotFound
	UserByEmail(ctx context.Context, folded string) (User, error)                 // NotFound
	UsersByID(ctx context.Context, ids []int64) (map[int64]User, error)           // absent ones are left out
	Users(ctx context.Context, f UserFilter) ([]User, error)                      // in the filter's order
	EachUser(ctx context.Context, f UserFilter, do func(User) error) error        // in order of creation, in batches
	FindPeople(ctx context.Context, q PeopleQuery) ([]User, int, error)           // by name, and how many in all
	CountUsers(ctx context.Context) (int, error)                                  // all of them
	InsertUser(ctx context.Context, u User, passwordHash string) (User, error)    // Conflict on e-mail
	UpdateUser(ctx context.Context, u User) error                                 // NotFound; Conflict on e-mail
	DeleteUser(ctx context.Context, id int64) error                               // NotFound; all that is his goes with him
	OtherAdmin(ctx context.Context, except int64) (bool, error)                   // whether an active user is an admin besides one
	PasswordHash(ctx context.Context, userID int64) (string, error)               // NotFound
	SetPasswordHash(ctx context.Context, userID int64, hash string) error         // NotFound
	UpgradePasswordHash(ctx context.Context, userID int64, from, to string) error // nothing if it is not from any more
	SetLastLogin(ctx context.Context, userID int64, at time.Time) error

	InsertToken(ctx context.Context, t Token, hash string) (Token, error)
	TokensByHash(ctx context.Context, hashes []string) ([]Held[Token], error) // those that there are, in any order
	TokenByID(ctx context.Context, id int64) (Token, error)                   // NotFound
	TokensOf(ctx context.Context, userID int64) ([]Token, error)              // newest first
	DeleteToken(ctx context.Context, userID, id int64) error                  // NotFound
	DeleteTokensOf(ctx context.Context, userID int64) error
	TouchTokens(ctx context.Context, ids []int64, at time.Time) error
	LiveTokens(ctx context.Context, ids []int64) (map[int64]bool, error) // which of them are tokens of active users

	InsertSession(ctx context.Context, s Session, hash string) (Session, error)
	SessionsByHash(ctx context.Context, hashes []string) ([]Held[Session], error)   // likewise
	SessionByID(ctx context.Context, id int64) (Session, error)                     // NotFound
	SessionsOf(ctx context.Context, userID int64, now time.Time) ([]Session, error) // not expired by now, newest first
	DeleteSession(ctx context.Context, userID, id int64) error                      // NotFound
	DeleteSessionsOf(ctx context.Context, userID, except int64) error
	DeleteExpiredSessions(ctx context.Context, now time.Time) (int, error)
	LiveSessions(ctx context.Context, ids []int64, now time.Time) (map[int64]bool, error) // likewise, not expired by now

	// Acquainted returns which of the ids have exchanged a message with the user.
	Acquainted(ctx context.Context, userID int64, ids []int64) (map[int64]bool, error)
}

// Config are the parts a Service is made of.
type Config struct {
	Store      Store
	Files      *file.Service
	Audit      *audit.Log
	IDs        *oid.Source
	Now        func() time.Time
	Log        *slog.Logger
	AdminEmail string // whoever has proved to own this address is an admin; "" for nobody
	// AdminFactor has admins, and all others who have a role, be plain members
	// until they have a second factor.
	AdminFactor bool
	Keys        *secret.Keys // seal the secrets of second factors
	Hasher      *Hasher
	Throttle    *Throttle
	Mailer      Mailer // nil sends no mails
	// News has users be written to who have not asked for it: when they have
	// registered, and when their password or their second factors have changed.
	News bool
	// Outside is the service elsewhere whose tokens are good here; nil for none.
	Outside Outside
	Policy  Policy
	Joined  func() // called when somebody has got an account or lost it; nil for nobody
}

// Service holds the rules about users. It is safe for concurrent use.
type Service struct {
	store       Store
	files       *file.Service
	audit       *audit.Log
	ids         *oid.Source
	now         func() time.Time
	log         *slog.Logger
	adminEmail  string // folded
	adminFactor bool
	keys        *secret.Keys
	hasher      *Hasher
	throttle    *Throttle
	mailer      Mailer
	news        bool
	outside     Outside // nil for none
	policy      Policy
	joined      func()
	actors      *cache[*credential] // by the hash of a key
	tokens      *lookups
	sessions    *lookups
	people      *cache[int64] // user ids by external id
	usage       *usage

	// Written tells that this process may have changed who may do what, or by
	// which token or session.
	Written event.Topic[struct{}]
}

// NewService returns a service over its parts.
func NewService(c Config) *Service {
	s := &Service{
		store: c.Store, files: c.Files, audit: c.Audit, ids: c.IDs, now: c.Now, log: c.Log,
		adminEmail: FoldEmail(c.AdminEmail), adminFactor: c.AdminFactor, keys: c.Keys,
		hasher: c.Hasher, throttle: c.Throttle, mailer: c.Mailer, news: c.News, joined: c.Joined,
		outside: c.Outside, policy: c.Policy,
		actors: newCache[*credential](), people: newCache[int64](), usage: newUsage(),
	}
	s.tokens, s.sessions = newLookups(s.readTokens), newLookups(s.readSessions)
	return s
}

// FoldEmail returns the form in which two e-mail addresses are compared:
// trimmed and case-folded.
func FoldEmail(email string) string {
	return cases.Fold().String(strings.TrimSpace(email))
}

// change runs do in a transaction that no other change of accounts runs
// beside, so that none undoes another, and then forgets who holds which key;
// after an error too, for a connection that breaks may have committed.
func (s *Service) change(ctx context.Context, do func(ctx context.Context) error) error {
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockAccounts(ctx); err != nil {
			return err
		}
		return do(ctx)
	})
	s.changed()
	return err
}

// changed forgets who holds which key, and tells that something was written.
func (s *Service) changed() {
	s.Forget()
	s.Written.Publish(struct{}{})
}

// withRights sets the admin right that comes with a verified admin address, and
// takes all rights from whoever has to have a second factor for them and has
// none.
func (s *Service) withRights(u User) User {
	if s.adminFactor && !u.SecondFactor && (s.named(u) || u.Staff > Member) {
		u.Admin, u.Staff, u.Restricted = false, Member, true
		return u
	}
	u.Admin = s.named(u)
	return u
}

// named reports whether a user is named an admin, or owns the admin address.
func (s *Service) named(u User) bool {
	return u.Admin || s.adminEmail != "" && u.Verified && FoldEmail(u.Email) == s.adminEmail
}
