// Package chat carries direct messages between two users.
package chat

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/event"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// MaxContent is the greatest length of a message, in characters.
const MaxContent = 100_000

// Message is what one user wrote to another, or to himself.
type Message struct {
	ID         int64
	OID        oid.ID
	SenderID   int64
	ReceiverID int64
	Content    string
	Created    time.Time
	Updated    time.Time
}

// Page selects part of a list; Limit 0 is all of it.
type Page struct{ Limit, Offset int }

// Store is what chat needs of a database. Every method may return an Internal
// error besides those it lists.
type Store interface {
	InTx(ctx context.Context, do func(ctx context.Context) error) error
	MessageByID(ctx context.Context, id int64) (Message, error)              // NotFound
	MessageByOID(ctx context.Context, id oid.ID) (Message, error)            // NotFound
	MessagesOf(ctx context.Context, userID int64, p Page) ([]Message, error) // sent or received, oldest first
	CountMessagesOf(ctx context.Context, userID int64) (int, error)          // sent or received
	Conversation(ctx context.Context, a, b int64, p Page) ([]Message, error) // both directions, oldest first
	// ConversationBefore returns the newest messages before one, oldest first;
	// the zero message is later than all.
	ConversationBefore(ctx context.Context, a, b int64, before Message, limit int) ([]Message, error)
	ConversationRevision(ctx context.Context, a, b int64) (int64, error) // 0 if they never wrote
	// InsertMessages stores all in one transaction, gives them their ids, which
	// rise in the order given, and returns an id that is below theirs and not
	// below any from before. Nobody ever sees one of them before all with lesser
	// ids. A message to nobody is left out, with the id 0. One that would seem
	// older than the last that another node has stored is made as old.
	InsertMessages(ctx context.Context, messages []Message) (prev int64, err error)
	LastMessageID(ctx context.Context) (int64, error)                          // the greatest; 0 for none
	MessagesAfter(ctx context.Context, id int64, limit int) ([]Message, error) // with greater ids, in their order
	UpdateMessage(ctx context.Context, m Message) error                        // NotFound; Invalid with the field receiver
	DeleteMessage(ctx context.Context, id int64) error                         // NotFound

	CountConversations(ctx context.Context, userID int64) (int, error)
	Conversations(ctx context.Context, userID int64, p Page) ([]Summary, error) // the latest first
	Unread(ctx context.Context, userID int64) (map[int64]int, error)            // by the other; none is left out
	UnreadFrom(ctx context.Context, userID, otherID int64) (int, error)
	ReadMark(ctx context.Context, readerID, otherID int64) (Mark, error)                 // NotFound
	MoveReadMark(ctx context.Context, m Mark, created time.Time) (moved bool, err error) // NotFound if one of the two is gone
}

// Config are the parts a Service is made of.
type Config struct {
	Store Store
	Audit *audit.Log
	IDs   *oid.Source
	Now   func() time.Time
	Log   *slog.Logger
}

// Service holds the rules about messages. It is safe for concurrent use.
type Service struct {
	// Sent tells of every message, in the order in which they were stored, on
	// whichever node.
	Sent event.Topic[Message]
	// Read tells of every mark that moved. Of two moves of one mark that were
	// made at once, the lesser may be told last.
	Read event.Topic[Mark]
	// Stored and Moved tell of what this node has done, for the others: see Hear
	// and HearRead.
	Stored event.Topic[Batch]
	Moved  event.Topic[Mark]

	c      Config
	outbox outbox
	feed   feed
}

// NewService returns a service over its parts. The caller closes it.
func NewService(c Config) *Service { return &Service{c: c} }

// Message returns a message that the actor sent or received. Errors:
// Unauthenticated; NotFound, also for somebody else's.
func (s *Service) Message(ctx context.Context, actor account.Actor, id int64) (Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return Message{}, err
	}
	m, err := s.c.Store.MessageByID(ctx, id)
	return seenBy(actor, m, err)
}

// MessageByOID is Message by the other id.
func (s *Service) MessageByOID(ctx context.Context, actor account.Actor, id oid.ID) (Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return Message{}, err
	}
	m, err := s.c.Store.MessageByOID(ctx, id)
	return seenBy(actor, m, err)
}

// seenBy returns a message that was found only to its parties.
func seenBy(actor account.Actor, m Message, err error) (Message, error) {
	if err == nil && m.SenderID != actor.User.ID && m.ReceiverID != actor.User.ID {
		err = &errs.Error{Kind: errs.NotFound}
	}
	if err != nil {
		return Message{}, err
	}
	return m, nil
}

// Messages returns a page of what the actor sent or received, oldest first,
// and how many there are in all. Errors: Unauthenticated.
func (s *Service) Messages(ctx context.Context, actor account.Actor, p Page) ([]Message, int, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, 0, err
	}
	total, err := s.c.Store.CountMessagesOf(ctx, actor.User.ID)
	if err != nil {
		return nil, 0, err
	}
	list, err := s.c.Store.MessagesOf(ctx, actor.User.ID, p)
	return list, total, err
}

// Conversation returns what the actor and another user wrote to each other,
// oldest first. Errors: Unauthenticated.
func (s *Service) Conversation(ctx context.Context, actor account.Actor, otherID int64, p Page) ([]Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	return s.c.Store.Conversation(ctx, actor.User.ID, otherID, p)
}

// How many messages ConversationBefore returns.
const (
	DefaultHistory = 50
	MaxHistory     = 200
)

// ConversationBefore returns the newest messages that the actor and another
// user wrote to each other before one of them, 0 for the newest of all, oldest
// first: at most limit, which is at most MaxHistory. It takes as long at any
// depth. Errors: Unauthenticated; Invalid with the field before, if it is no
// message of the two.
func (s *Service) ConversationBefore(ctx context.Context, actor account.Actor, otherID, beforeID int64, limit int) ([]Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	var before Message
	if beforeID != 0 {
		var err error
		if before, err = s.between(ctx, actor, otherID, beforeID, "before"); err != nil {
			return nil, err
		}
	}
	return s.c.Store.ConversationBefore(ctx, actor.User.ID, otherID, before, min(limit, MaxHistory))
}

// between returns a message of the actor and another user. Errors: Invalid
// with the field that names it.
func (s *Service) between(ctx context.Context, actor account.Actor, otherID, id int64, field string) (Message, error) {
	m, err := s.Message(ctx, actor, id)
	if errs.Is(err, errs.NotFound) || err == nil && otherOf(m, actor) != otherID {
		return Message{}, errs.InvalidFields(errs.Field{Name: field, Code: errs.Unknown})
	}
	return m, err
}

// otherOf returns the one of a message's parties who is not the actor, or him
// if he wrote to himself.
func otherOf(m Message, actor account.Actor) int64 {
	if m.SenderID == actor.User.ID {
		return m.ReceiverID
	}
	return m.SenderID
}

// ConversationRevision returns a number that rises with every change of the
// conversation between the actor and another user, whichever process makes it;
// 0 if they never wrote. What was worked out under the same number still
// holds. Errors: Unauthenticated.
func (s *Service) ConversationRevision(ctx context.Context, actor account.Actor, otherID int64) (int64, error) {
	if err := actor.RequireKnown(); err != nil {
		return 0, err
	}
	return s.c.Store.ConversationRevision(ctx, actor.User.ID, otherID)
}

// Change changes a message; a nil field stays as it is. Its sender never
// changes.
type Change struct {
	ReceiverID *int64
	Content    *string
}

// Edit changes a message of the actor's own and returns it as it is then.
// Errors: Unauthenticated; NotFound; Forbidden for the receiver; Invalid with
// the fields receiver and content.
func (s *Service) Edit(ctx context.Context, actor account.Actor, id int64, in Change) (Message, error) {
	if in.Content != nil {
		if err := errs.InvalidFields(checkContent(*in.Content)...); err != nil {
			return Message{}, err
		}
	}
	var m Message
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if m, err = s.own(ctx, actor, id); err != nil {
			return err
		}
		if in.ReceiverID != nil {
			m.ReceiverID = *in.ReceiverID
		}
		if in.Content != nil {
			m.Content = *in.Content
		}
		m.Updated = s.c.Now()
		return s.c.Store.UpdateMessage(ctx, m)
	})
	return m, err
}

// Delete removes a message of the actor's own. Errors: Unauthenticated;
// NotFound; Forbidden for the receiver.
func (s *Service) Delete(ctx context.Context, actor account.Actor, id int64) error {
	return s.c.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.own(ctx, actor, id); err != nil {
			return err
		}
		return s.c.Store.DeleteMessage(ctx, id)
	})
}

// Remove removes anybody's message, on an editor's word. Errors:
// Unauthenticated, Forbidden, NotFound.
func (s *Service) Remove(ctx context.Context, actor account.Actor, id int64) error {
	if err := actor.Require(account.Editor); err != nil {
		return err
	}
	return s.c.Store.InTx(ctx, func(ctx context.Context) error {
		m, err := s.c.Store.MessageByID(ctx, id)
		if err != nil {
			return err
		}
		was := []audit.Value{
			{Field: "sender", Text: strconv.FormatInt(m.SenderID, 10)},
			{Field: "receiver", Text: strconv.FormatInt(m.ReceiverID, 10)},
			{Field: "content", Text: m.Content},
		}
		if err := s.c.Audit.Record(ctx, actor.Entry(audit.Messages, id, m.Content, was, nil)); err != nil {
			return err
		}
		return s.c.Store.DeleteMessage(ctx, id)
	})
}

// MayEdit returns nil if the actor may change the message, and the error of
// Edit otherwise: a dialect asks before it reads a body.
func (s *Service) MayEdit(ctx context.Context, actor account.Actor, id int64) error {
	_, err := s.own(ctx, actor, id)
	return err
}

func (s *Service) own(ctx context.Context, actor account.Actor, id int64) (Message, error) {
	m, err := s.Message(ctx, actor, id)
	if err == nil && m.SenderID != actor.User.ID {
		return Message{}, &errs.Error{Kind: errs.Forbidden}
	}
	return m, err
}

func checkContent(content string) []errs.Field {
	switch {
	case content == "":
		return []errs.Field{{Name: "content", Code: errs.Required}}
	case utf8.RuneCountInString(content) > MaxContent:
		return []errs.Field{{Name: "content", Code: errs.TooLong, Limit: MaxContent}}
	case !utf8.ValidString(content) || strings.ContainsRune(content, 0):
		return []errs.Field{{Name: "content", Code: errs.Malformed}}
	}
	return nil
}
