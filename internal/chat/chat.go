// Package chat carries direct messages between two users.
package chat

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
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
	MessagesOf(ctx context.Context, userID int64, p Page) ([]Message, error) // sent or received, oldest first
	CountMessagesOf(ctx context.Context, userID int64) (int, error)          // sent or received
	Conversation(ctx context.Context, a, b int64, p Page) ([]Message, error) // both directions, oldest first
	ConversationRevision(ctx context.Context, a, b int64) (int64, error)     // 0 if they never wrote
	InsertMessage(ctx context.Context, m Message) (Message, error)           // Invalid with the field receiver
	UpdateMessage(ctx context.Context, m Message) error                      // NotFound; Invalid with the field receiver
	DeleteMessage(ctx context.Context, id int64) error                       // NotFound
}

// Config are the parts a Service is made of.
type Config struct {
	Store Store
	IDs   *oid.Source
	Now   func() time.Time
}

// Service holds the rules about messages. It is safe for concurrent use.
type Service struct{ c Config }

// NewService returns a service over its parts.
func NewService(c Config) *Service { return &Service{c: c} }

// Send stores a message from the actor. Errors: Unauthenticated; Invalid with
// the fields receiver and content.
func (s *Service) Send(ctx context.Context, actor account.Actor, receiverID int64, content string) (Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return Message{}, err
	}
	if err := errs.InvalidFields(checkContent(content)...); err != nil {
		return Message{}, err
	}
	now := s.c.Now()
	return s.c.Store.InsertMessage(ctx, Message{
		OID: s.c.IDs.New(), SenderID: actor.User.ID, ReceiverID: receiverID,
		Content: content, Created: now, Updated: now,
	})
}

// Message returns a message that the actor sent or received. Errors:
// Unauthenticated; NotFound, also for somebody else's.
func (s *Service) Message(ctx context.Context, actor account.Actor, id int64) (Message, error) {
	if err := actor.RequireKnown(); err != nil {
		return Message{}, err
	}
	m, err := s.c.Store.MessageByID(ctx, id)
	if err != nil {
		return Message{}, err
	}
	if m.SenderID != actor.User.ID && m.ReceiverID != actor.User.ID {
		return Message{}, &errs.Error{Kind: errs.NotFound}
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
