package chat

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// A Ref names a message; the zero Ref names none.
type Ref struct {
	ID  int64
	OID oid.ID
}

// Mark says how far a user has read his conversation with another. A zero
// MessageID is not at all.
type Mark struct {
	ReaderID   int64
	OtherID    int64
	MessageID  int64 // the last message read, whoever wrote it
	MessageOID oid.ID
	At         time.Time // when he read it
}

// Summary is a conversation in a list of them.
type Summary struct {
	OtherID  int64
	Last     Message
	Unread   int // messages of the other that the actor has not read
	ReadUpTo Ref // the last message that the other has read, whoever wrote it
}

// MarkRead notes that the actor has read his conversation with another user up
// to and with a message, 0 for all there is, and returns how far he has read it
// then: a mark never goes back. Errors: Unauthenticated; NotFound for a
// conversation with himself, which knows no reading; Invalid with the field
// message, if it is no message of the two.
func (s *Service) MarkRead(ctx context.Context, actor account.Actor, otherID, messageID int64) (Mark, error) {
	if err := actor.RequireKnown(); err != nil {
		return Mark{}, err
	}
	if otherID == actor.User.ID {
		return Mark{}, &errs.Error{Kind: errs.NotFound}
	}
	last, err := s.lastRead(ctx, actor, otherID, messageID)
	if err != nil {
		return Mark{}, err
	}
	mark := Mark{ReaderID: actor.User.ID, OtherID: otherID}
	if last.ID == 0 {
		return mark, nil
	}
	mark.MessageID, mark.MessageOID, mark.At = last.ID, last.OID, s.c.Now()
	moved, err := s.c.Store.MoveReadMark(ctx, mark, last.Created)
	if err != nil {
		return Mark{}, err
	}
	if !moved {
		return s.c.Store.ReadMark(ctx, actor.User.ID, otherID)
	}
	s.Read.Publish(mark)
	s.Moved.Publish(mark)
	return mark, nil
}

// HearRead takes a mark that was moved on another node, and tells of it.
func (s *Service) HearRead(m Mark) { s.Read.Publish(m) }

// lastRead returns the message to which a mark is to move; none if nothing was
// written.
func (s *Service) lastRead(ctx context.Context, actor account.Actor, otherID, messageID int64) (Message, error) {
	if messageID != 0 {
		return s.between(ctx, actor, otherID, messageID, "message")
	}
	newest, err := s.c.Store.ConversationBefore(ctx, actor.User.ID, otherID, Message{}, 1)
	if err != nil || len(newest) == 0 {
		return Message{}, err
	}
	return newest[0], nil
}

// Unread returns how many messages the actor has not read, by the user who
// wrote them. Errors: Unauthenticated.
func (s *Service) Unread(ctx context.Context, actor account.Actor) (map[int64]int, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	return s.c.Store.Unread(ctx, actor.User.ID)
}

// UnreadFrom returns how many messages of another user the actor has not read.
// Errors: Unauthenticated.
func (s *Service) UnreadFrom(ctx context.Context, actor account.Actor, otherID int64) (int, error) {
	if err := actor.RequireKnown(); err != nil {
		return 0, err
	}
	return s.c.Store.UnreadFrom(ctx, actor.User.ID, otherID)
}

// Conversations returns a page of the actor's conversations with others, that
// with the newest message first. Errors: Unauthenticated.
func (s *Service) Conversations(ctx context.Context, actor account.Actor, p Page) ([]Summary, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	return s.c.Store.Conversations(ctx, actor.User.ID, p)
}

// CountConversations returns how many conversations with others the actor has.
// Errors: Unauthenticated.
func (s *Service) CountConversations(ctx context.Context, actor account.Actor) (int, error) {
	if err := actor.RequireKnown(); err != nil {
		return 0, err
	}
	return s.c.Store.CountConversations(ctx, actor.User.ID)
}
